import type { MailConfig } from "@metersmith/node/mail";

/** What the supervisor (or an operator's own script) tells a site at its start. Travels over IPC, never in argv or the environment: it holds secrets. */
export interface SiteConfig {
  readonly kind: "manufacturer" | "utility";
  /** Short name, used in the database's name and in cookies: lowercase letters, digits, underscores. */
  readonly slug: string;
  /** The organization's name as people read it. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** `https://meters.utility.example`, where a proxy in front of the site ends TLS. Cookies are then sent over TLS only. */
  readonly origin?: string;
  /** Addresses of proxies in front, whose word on a client's address is taken. Of nobody else's. */
  readonly trustedProxies?: readonly string[];
  /** Connection of `<site>_owner`, for migrations only. */
  readonly ownerDatabaseUrl: string;
  /** Connection of `<site>_app`, for everything else. */
  readonly databaseUrl: string;
  /** Signs session cookies; at least 32 characters. */
  readonly sessionSecret: string;
  /** 32 bytes, hexadecimal: seals secrets at rest (meters' passwords, the key that seals the record of actions); after commas, keys before it, which open. */
  readonly sealingKey: string;
  /** Folder of the built console. */
  readonly consoleFolder: string;
  /** Folder of the device types. */
  readonly deviceTypesFolder: string;
  /** Folder of the public keys of manufacturers (`*.json`) whose archives of device types are taken in; read anew each time, need not be there. */
  readonly manufacturerKeysFolder: string;
  /** Where the site's own log goes (JSON lines). */
  readonly logFile: string;
  /** Accounts to make, or whose password to set, before the site answers. */
  readonly logins: readonly FirstLogin[];
  /** Where letters to people go; undefined: nowhere, which the log then says. */
  readonly mail?: MailConfig;
  /** Where the site's MQTT broker is, for a utility. */
  readonly mqtt?: { readonly url: string; readonly username: string; readonly password: string };
}

export interface FirstLogin {
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly password: string;
}
