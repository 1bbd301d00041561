import { byId, listOf } from "@metersmith/site/listing";
import { notFound, SiteError } from "@metersmith/site/problem";
import type { SiteContext } from "@metersmith/site/site-module";
import type { FastifyRequest } from "fastify";
import { calculateJwkThumbprint } from "jose";
import { z } from "zod";
import { whyNotForMachine } from "../../rules/granting.ts";
import { addKey, addMachine, listMachines, revokeKey, setMachineDisabled, setMachineRoles } from "../../store/machines.ts";
import { listRoles } from "../../store/roles.ts";
import type { IdentityTables } from "../../store/tables.ts";
import { addMachineKey, giveRoles, letIn, type Machine, machine, makeMachine } from "../contract.ts";
import { rolesToGive } from "../people/roles-to-give.ts";
import { signedIn } from "../signed-in.ts";

const MINUTE_MS = 60_000;
const keyOf = z.object({ id: z.uuid(), key: z.uuid() });

/** An organization's machines: what they may do, and the keys that they sign with. */
export function addMachineRoutes({ server, clock }: Pick<SiteContext, "server" | "clock">): void {
  const view = { access: { permission: "machine.view" } } as const;
  const update = { access: { permission: "machine.update" }, action: "machine.update" } as const;

  server.get("/api/v1/machines", { config: view, schema: { response: { 200: listOf(machine) } } }, async ({ tx, ownRows }) => ({
    items: await listMachines(tx<IdentityTables>(), ownRows(), clock.now()),
    after: null,
  }));

  server.post(
    "/api/v1/machines",
    { config: { access: { permission: "machine.create" }, action: "machine.create" }, schema: { body: makeMachine, response: { 201: machine } } },
    async (request, reply) => {
      const { name, roles, publicKey } = request.body;
      const { organization } = signedIn(request);
      const tx = request.tx<IdentityTables>();
      const id = await addMachine(tx, organization.id, name, await rolesForMachine(request, roles));
      if (id === undefined) throw new SiteError(409, "conflict", `There is a machine “${name}” already. Choose another name.`);
      await giveKey(request, id, publicKey, new Date(clock.now()));
      request.acted({ kind: "machine", id, name, facts: { roles: roles.join(" ") } });
      return reply.code(201).send(await ownMachine(request, id, clock.now()));
    },
  );

  server.put("/api/v1/machines/:id/roles", { config: update, schema: { params: byId, body: giveRoles, response: { 200: machine } } }, async (asked) => {
    const { id, name, roles } = await mayChange(asked, asked.params.id, clock.now());
    await setMachineRoles(asked.tx<IdentityTables>(), id, await rolesForMachine(asked, asked.body.roles));
    asked.because(asked.body.reason);
    asked.acted({ kind: "machine", id, name, facts: { "roles-before": roles.join(" "), roles: asked.body.roles.join(" ") } });
    return ownMachine(asked, id, clock.now());
  });

  server.put("/api/v1/machines/:id/state", { config: update, schema: { params: byId, body: letIn, response: { 200: machine } } }, async (asked) => {
    const { id, name } = await mayChange(asked, asked.params.id, clock.now());
    await setMachineDisabled(asked.tx<IdentityTables>(), asked.ownRows(), id, asked.body.state === "disabled" ? new Date(clock.now()) : null);
    asked.because(asked.body.reason);
    asked.acted({ kind: "machine", id, name, facts: { state: asked.body.state } });
    return ownMachine(asked, id, clock.now());
  });

  server.post("/api/v1/machines/:id/keys", { config: update, schema: { params: byId, body: addMachineKey, response: { 200: machine } } }, async (asked) => {
    const { id, name } = await mayChange(asked, asked.params.id, clock.now());
    const thumbprint = await giveKey(asked, id, asked.body.publicKey, new Date(clock.now() + asked.body.overlapMinutes * MINUTE_MS));
    asked.acted({ kind: "machine", id, name, facts: { key: thumbprint, "overlap-minutes": String(asked.body.overlapMinutes) } });
    return ownMachine(asked, id, clock.now());
  });

  server.delete("/api/v1/machines/:id/keys/:key", { config: update, schema: { params: keyOf, response: { 200: machine } } }, async (asked) => {
    const { id, name } = await ownMachine(asked, asked.params.id, clock.now());
    if (!(await revokeKey(asked.tx<IdentityTables>(), id, asked.params.key, clock.now()))) throw notFound("key");
    asked.acted({ kind: "machine", id, name, facts: { revoked: asked.params.key } });
    return ownMachine(asked, id, clock.now());
  });
}

type Asked = Pick<FastifyRequest, "tx" | "ownRows" | "principal">;

async function ownMachine({ tx, ownRows }: Asked, id: string, now: number): Promise<Machine> {
  const [found] = await listMachines(tx<IdentityTables>(), ownRows(), now, id);
  if (!found) throw notFound("machine");
  return found;
}

/** Whoever gives a machine a key can act as it: so nobody changes one that may more than they do. */
async function mayChange(asked: Asked, id: string, now: number): Promise<Machine> {
  const found = await ownMachine(asked, id, now);
  await rolesToGive(asked, signedIn(asked), undefined, found.roles);
  return found;
}

async function rolesForMachine(asked: Asked, names: readonly string[]): Promise<string[]> {
  const keys = await rolesToGive(asked, signedIn(asked), undefined, names);
  const why = whyNotForMachine((await listRoles(asked.tx<IdentityTables>(), asked.ownRows())).filter(({ key }) => keys.includes(key)));
  if (why !== undefined) throw new SiteError(422, "not-permitted", why);
  return keys;
}

async function giveKey(asked: Asked, id: string, jwk: { readonly kty: string; readonly crv: string; readonly x: string }, overlapsUntil: Date): Promise<string> {
  const thumbprint = await calculateJwkThumbprint(jwk, "sha256");
  if (!(await addKey(asked.tx<IdentityTables>(), id, { publicKey: jwk.x, thumbprint }, overlapsUntil))) {
    throw new SiteError(409, "conflict", "This key is or was a machine's already. Make another.");
  }
  return thumbprint;
}
