import { diagnostic } from "../../diagnostic.ts";

/** The home devices that are subscribed can be reached. Value: attempts in a row that failed; detail: the device. */
export const homeDevice = diagnostic({
  number: 17, id: "home-device", class: "customer", code: 7, manufacturer: true, when: "always",
  check: ({ links, settings }) => {
    const { homeDevice: value, device } = links();
    return { failed: value >= settings.linkFailures, value, limit: settings.linkFailures, detail: device };
  },
});
