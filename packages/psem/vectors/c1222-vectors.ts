/**
 * Vectors of C12.22 that nobody here made, in hexadecimal. One of the published test vectors of EAX' (number 4 of its set); `header` is the canonical
 * clear text of a whole message, from which the message can be put together again.
 */
export const eaxPrime = {
  key: "6624c7e23034e4036fe5cb3a8b5dab44",
  header:
    "a211060f2b060104018285638e7f85f1c24e01a80602042bc81aa1ac0fa20da00ba10980010081044b97d2ccbe392837813588" +
    "a60906072b060104828563004b97d2cc",
  plaintext:
    "1751303030303030303030303030303030303030303000000330000103" +
    "300078033000790330007a0330007b0330007d",
  ciphertext: "beb0989fadb020eb72ba46353cc0a2ac2a007a101afebaf9680d3b9659f991121b865f254f6ac92cdd213d31e3c4d2ca",
  mac: "e6f89b6d",
} as const;

/**
 * The messages of two captures, clear text. Their files' SHA-256 is in docs/interop.md; who recorded them is not known, and one of them looks made up
 * (its table checksum is 00).
 */
export const captures = [
  {
    name: "request for the identification",
    hex: "6030a211060f2b060104018285638e7f85f1c24e00a60a06082b06010401828563a806020413e81421be0728058103800120",
  },
  {
    name: "answer with the identification",
    hex:
      "6059a20a06082b06010401828563a611060f2b060104018285638e7f85f1c24e00a806020413e81421be30282e812c802a0003010004" +
      "06082b0601040182856305080606082b06010401828563070b01000102030a040d05060700",
  },
  {
    name: "request for a read by index",
    hex: "6036a211060f2b060104018285638e7f85f1c24e00a60a06082b06010401828563a806020413e81421be0d280b8109800731000000000001",
  },
  {
    name: "answer with table data",
    hex: "603ba20a06082b06010401828563a611060f2b060104018285638e7f85f1c24e00a806020413e81421be122810810e800c000008746573746461746100",
  },
] as const;

/**
 * Messages as an implementation that is not ours makes them: C12Adapter (Metering SDK 6.9, commit f169d32), captured while it spoke with our server; see
 * docs/interop.md. `base` is the identifier that their relative titles add to; `association` the key and vector of an earlier message of the session.
 */
export const foreign = {
  keyId: 100,
  key: "33333333333333333333333333333333",
  messages: [
    {
      name: "mode 1, relative calling title, end device class, urgent",
      hex:
        "6060a20f060d2b060104018285638e7f82b359a60480027b04a703020102a8060204d348ae40ac0fa20da00ba10980016481046b015f28" +
        "be2928278125944142434417513132333435363738393031323334353637383930000003300001dcc2eb5f",
      base: "2.16.124.113620.1.22.0",
      mode: 1,
      edClass: "41424344",
      services: ["5131323334353637383930313233343536373839300000", "300001"],
    },
    {
      name: "mode 2, application context, whose identifier it takes for the base of its relative title",
      hex:
        "6066a1090607607c86f7540116a20f060d2b060104018285638e7f82b359a60480027b04a80602048d977980ac0fa20da00ba109800164" +
        "81046b015f26be292827812598c7b7cce7860ff4b85adf161d507684ae89e33f9d4e8f7f64a6e8e112f846eaab85373e35",
      base: "2.16.124.113620.1.22",
      mode: 2,
      edClass: "41424344",
      services: ["5131323334353637383930313233343536373839300000", "300001"],
    },
    {
      name: "mode 2, logon with an idle timeout",
      hex:
        "6060a1090607607c86f7540116a20f060d2b060104018285638e7f82b359a60a06082b06010401828563a8060204478450b7ac0fa20da0" +
        "0ba10980016481046b015ba8be1d281b811998b1ce92f71564a50714dc910139cc10d331114f9a9ab0fa03",
      base: "2.16.124.113620.1.22.0",
      mode: 2,
      edClass: "41424344",
      services: ["50000000000000000000000000003c"],
    },
    {
      name: "mode 2, later in that session: key and vector are not said again",
      hex:
        "6052a1090607607c86f7540116a20f060d2b060104018285638e7f82b359a60a06082b06010401828563a803020100be232821811f9864" +
        "c010f663effef35b42c716a8d3de3fec2e5dfd08e93bb02b93caef792d",
      base: "2.16.124.113620.1.22.0",
      mode: 2,
      edClass: "41424344",
      services: ["513132333435363738393031323334353637383930"],
      association: "6b015ba8",
    },
  ],
} as const;
