export interface Requirement {
  /** As it stands in front of test titles, in brackets. */
  readonly id: string;
  /** What it asks, in one line. */
  readonly meaning: string;
}

export interface Area {
  readonly title: string;
  readonly requirements: readonly Requirement[];
}

const rows = (...pairs: readonly (readonly [id: string, meaning: string])[]): readonly Requirement[] =>
  pairs.map(([id, meaning]) => ({ id, meaning }));

/** Everything the product has to do. The numbering follows the documents the requirements come from; gaps are theirs. */
export const areas: readonly Area[] = [
  {
    title: "The manufacturer's service and the synchronization of programs",
    requirements: rows(
      ["MFG-1", "Utility staff author, validate, build, compare and approve programs in one service"],
      ["MFG-2", "Every version of a program is kept, immutable once approved, with who, when and why"],
      ["MFG-3", "Head-end, programming tools and field tools are kept current with the approved programs, through outages and weeks offline"],
      ["MFG-4", "As-built data of a shipped order come without manual work: serial, hardware, firmware, program, test results, lot"],
      ["MFG-5", "Which meter ran which program and firmware from when to when, put there by whom, known how"],
      ["MFG-6", "Roles for utility users over orders, programs and associations; no utility sees another's data"],
      ["MFG-7", "Security material goes from manufacturing to the head-end by itself and protected"],
      ["MFG-8", "Each actor has an interface: analyst, meter shop, field staff, manufacturing system, head-end"],
    ),
  },
  {
    title: "Acknowledgement by the customer before the service switch moves",
    requirements: rows(
      ["ACK-1", "A request signed by the utility is answered by the customer's device, and the answer's signature verified"],
      ["ACK-2", "The device is within a set distance of the meter, or nothing happens"],
      ["ACK-3", "Only then does the switch move, and the meter's confirmation is recorded; anything else is refused with its reason"],
    ),
  },
  {
    title: "Access to the meter's tables",
    requirements: rows(
      ["ACC-1", "Before a program is applied it is compared, bit by bit, with the tables the meter has now"],
      ["ACC-2", "A policy says which bits a role may change; a refusal names table, field, old and new value"],
      ["ACC-3", "One service does so for many meters of many types at once"],
    ),
  },
  {
    title: "Configuration over Internet protocols",
    requirements: rows(["IPC-1", "A meter takes and processes commands over IP that read and write its configuration tables"]),
  },
  {
    title: "Table definition language",
    requirements: rows(
      ["TDL-1", "A document defines tables: types, fields, bit fields, arrays, conditions on other tables, defaults, access"],
      ["TDL-2", "A fragment changes a base definition; applying it gives a second, complete one"],
      ["TDL-3", "Values of tables are exchanged as documents (EDL)"],
    ),
  },
  {
    title: "Overcurrent",
    requirements: rows(
      ["OCP-1", "The meter watches its circuit for set conditions and reduces or disconnects"],
      ["OCP-2", "A fault in one home stays there: break within the switch's rating, above it open at zero current in the recloser's dead time"],
      ["OCP-3", "Coordination from the main breaker to the recloser is checked and drawn; inrush and cold-load pickup never trip"],
    ),
  },
  {
    title: "Parameters, mapping, build",
    requirements: rows(
      ["BLD-1", "Parameters are independent of the platform and validated against defaults and rules"],
      ["BLD-2", "The mapping of one meter model turns parameters into the build installed on the meter"],
    ),
  },
  {
    title: "Plug-ins for meter types",
    requirements: rows(["PLG-1", "Support for a new meter type arrives as data while the system runs; no code of the application changes"]),
  },
  {
    title: "Meter and head-end",
    requirements: rows(["HEM-1", "A meter has metrology and communications; its measurements reach the head-end"]),
  },
  {
    title: "Remote update of firmware",
    requirements: rows(
      ["FWU-1.1", "Firmware comes from the vendor to the metering department"],
      ["FWU-1.2", "The metering department loads it into the head-end"],
      ["FWU-1.3", "The head-end starts the update for the meters in scope"],
      ["FWU-1.4", "The request travels through the AMI network"],
      ["FWU-1.5", "The request reaches the meter's network card"],
      ["FWU-1.6", "The network card hands it to the metrology board by table writes and procedures"],
      ["FWU-1.7", "The board loads it and updates itself"],
      ["FWU-1.8", "The board confirms to the network card"],
      ["FWU-1.9", "The confirmation goes back into the network"],
      ["FWU-1.10", "The confirmation reaches the head-end"],
      ["FWU-1.11", "The confirmation reaches the MDM"],
      ["FWU-A", "The run takes days, manages itself, and is supervised by the metering department"],
      ["FWU-B", "Messages to other systems follow IEC 61968: header, request, reply, payload"],
      ["FWU-C", "Head-end ↔ network card, head-end ↔ MDM and network card ↔ board have contract tests"],
      ["FWU-D", "Afterwards the board runs the new version: read back from table 1, after a passed metrology check"],
    ),
  },
  {
    title: "Concentrator and meters",
    requirements: rows(
      ["CON-1", "A concentrator collects, administers and transmits program data; the meters update their program memory"],
      ["CON-2", "Only meters or groups selected beforehand receive and update"],
      ["CON-3", "A control message announces the update"],
      ["CON-4", "It carries the time of the update, the digest and the start of the download"],
      ["CON-5", "Data messages are numbered and the meter knows how many there are"],
      ["CON-6", "The meter orders them, knows that all arrived, and checks the digest"],
      ["CON-7", "The concentrator asks for what is missing"],
      ["CON-8", "It repeats that by broadcast until all are complete or a condition to abort holds"],
      ["CON-9", "A meter that reported completion is known as complete"],
      ["CON-10", "It is asked no more"],
      ["CON-11", "Data are buffered in the meter"],
      ["CON-12", "The buffer is non-volatile"],
      ["CON-13", "A verified buffer is copied to program memory, the copy verified, and copied again if wrong"],
      ["CON-14", "The swap routine lies in protected memory that no download changes"],
      ["CON-15", "A flag is set before the copy and cleared after its verification"],
      ["CON-16", "After a power failure a set flag restarts the copy"],
      ["CON-17", "The power line is the medium"],
      ["CON-18", "Meters of electricity, water or gas"],
      ["CON-19", "The system as a whole"],
      ["CON-20", "The concentrator as a whole"],
      ["CON-21", "The meter as a whole"],
    ),
  },
  {
    title: "The meter's life: scenarios",
    requirements: rows(
      ["I2S1", "A failed self-diagnostic leads to a visit, an exchange, a self-registered new meter and a closed order"],
      ["I2S2", "The concentrator loses a meter: outage, maintenance and open orders are checked, other paths tried"],
      ["I2S3", "A customer reports a problem: test and read on demand, order, the customer system is told"],
      ["I2S4", "A random sample is tested in the field; a pass closes, a failure exchanges"],
      ["I2S5", "A high bill is examined with billed, historical and current usage"],
      ["I2S6", "A data user finds an anomaly: data flagged, third parties told, the lot checked"],
      ["I2S7", "Tampering: a visit by revenue protection, with theft, without, exchange, or a lock ring"],
    ),
  },
  {
    title: "The meter's life: functions",
    requirements: rows(
      ["I2FR1", "Self-diagnostics at installation and periodically; failures logged, critical ones reported at once"],
      ["I2FR2", "The meter recognizes a wrong socket"],
      ["I2FR5", "It detects failure of program or memory"],
      ["I2FR6", "It detects failure of time synchronization"],
      ["I2FR7", "It detects and reports failed communication with a home device"],
      ["I2FR8", "It logs failed communication that it began"],
      ["I2FR10", "Event logs by billing account"],
      ["I2FR11", "Event logs by meter"],
      ["I2FR12", "Event logs by type, module and manufacturer"],
      ["I2FR13", "Analysis of the logs finds chronic failures"],
      ["I2FR14", "The meter finds inconsistencies in its own data"],
      ["I2FR16", "Failures of safety and service go before others"],
      ["I2FR17", "The meter checks that it records correctly; a metrology event is stored and reported at once"],
      ["I2FR18", "Failures around planned maintenance or outages raise no trouble report"],
      ["I2FR19", "Failures are evaluated and repair tried first; the failed component is named"],
      ["I2FR20", "Criteria say where a human decides and where not"],
      ["I2FR21", "A trouble report holds at least what reports of interval data recorders hold"],
      ["I2FR22", "A wireless field tool investigates, works and resolves; the field can open a report"],
      ["I2FR23", "The order names the resources it needs"],
      ["I2FR24", "The field tool reads everything in the meter, locally where communications fail"],
      ["I2FR25", "On completion it uploads everything by itself"],
      ["I2FR26", "Local and remote sessions pre-empt each other or run at once, as configured"],
      ["I2FR27", "Trouble reports are available to other systems"],
    ),
  },
  {
    title: "The meter's life: qualities and business rules",
    requirements: rows(
      ["I2NFR1", "Type-test certificates per device type and lot stand with the as-built data"],
      ["I2NFR2", "Failure rates are measured against the vendor's claim, by component"],
      ["I2NFR4", "Safety and service failures are known within 15 minutes"],
      ["I2NFR5", "Diagnostics are kept for 45 days or more"],
      ["I2NFR6", "Metrology is checked daily to monthly, the result comes with the next scheduled read"],
      ["I2NFR7", "The field tool is loaded within 10 s"],
      ["I2NFR8", "Fifteen years of life with the battery: its end is forecast by cohort"],
      ["I2BR1", "Service levels of repair and maintenance are tracked"],
      ["I2BR2", "The rates of failure a vendor promised are held against the measured ones"],
      ["I2BR3", "Which organization handles which class of failure is configured"],
      ["ACT-1", "Every actor, from installer to customer, has a role or an interface"],
      ["classes", "What touches safety or service is of high importance, at once; all else by the next billing report"],
    ),
  },
];

export const requirementIds: ReadonlySet<string> = new Set(areas.flatMap((area) => area.requirements.map(({ id }) => id)));
