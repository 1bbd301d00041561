import { openProgress } from "@metersmith/node/progress";
import { freePort } from "@metersmith/node/free-port";
import { expect, test } from "vitest";
import { Interrupted, StartSteps } from "./start-steps.ts";
import { runStory } from "./story.ts";

function shown(): { text: string; write(text: string): void } {
  const output = {
    text: "",
    write(text: string) {
      output.text += text;
    },
  };
  return output;
}

async function tell(stopping: AbortController, output: ReturnType<typeof shown>): Promise<StartSteps> {
  const steps = new StartSteps(openProgress(output, () => 0), stopping.signal);
  const site = { url: `http://127.0.0.1:${await freePort()}`, email: "story@utility.example", password: "x" };
  const told = await runStory({ manufacturer: site, utility: site, meters: [], examplesFolder: "/nowhere" }, steps, stopping.signal);
  expect(told).toEqual({ ok: false, total: 0, programmed: 0, verified: 0 });
  return steps;
}

test("a site that does not answer ends the story at the step that asked it, with the reason behind the failed request", async () => {
  const output = shown();
  const steps = await tell(new AbortController(), output);
  expect(output.text).toMatch(/^… sign in\n✗ sign in +http:\/\/127.0.0.1:\d+ does not answer \(.*ECONNREFUSED.*\)\n$/);
  expect(steps.ended).toMatchObject([{ name: "sign in", ok: false }]);
});

test("a story that is interrupted says so and begins nothing more", async () => {
  const output = shown();
  const stopping = new AbortController();
  const telling = tell(stopping, output);
  stopping.abort(new Interrupted());
  expect((await telling).ended.every(({ detail }) => detail === "interrupted")).toBe(true);
  expect(output.text).not.toContain("fetch");
});
