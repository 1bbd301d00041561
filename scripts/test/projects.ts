export type ProjectName = "unit" | "sockets" | "store" | "terminal" | "faults" | "browser";

export interface Project {
  readonly name: ProjectName;
  /** What it holds, for the summary and for the help. */
  readonly about: string;
  /** Wall time in seconds that the whole project may take in CI, its start included. */
  readonly budgetSeconds: number;
  readonly pool: "threads" | "forks";
  /**
   * False: files share one module graph in each worker, which is what keeps hundreds of files fast (300 files took 3.5 s
   * so and 98 s isolated). The price is a rule: no module state, no global mocks.
   */
  readonly isolate: boolean;
  /** Workers at a time; undefined leaves it to the machine. */
  readonly workers?: number;
  readonly secondsPerTest: number;
}

/** The vitest projects in the order they run: what fails fastest comes first. */
export const projects: readonly Project[] = [
  { name: "unit", about: "pure code", budgetSeconds: 60, pool: "threads", isolate: false, workers: 2, secondsPerTest: 10 },
  { name: "sockets", about: "whole streets, brokers and cards on real sockets", budgetSeconds: 45, pool: "threads", isolate: false, workers: 2, secondsPerTest: 10 },
  { name: "store", about: "against PostgreSQL", budgetSeconds: 120, pool: "threads", isolate: false, secondsPerTest: 30 },
  { name: "terminal", about: "commands as a person starts them", budgetSeconds: 100, pool: "threads", isolate: false, workers: 2, secondsPerTest: 30 },
  { name: "faults", about: "processes killed, links cut", budgetSeconds: 120, pool: "forks", isolate: true, secondsPerTest: 60 },
  { name: "browser", about: "in a real browser", budgetSeconds: 145, pool: "forks", isolate: true, workers: 1, secondsPerTest: 90 },
];
