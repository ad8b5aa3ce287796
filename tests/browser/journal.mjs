// The journal, read by a program that shares nothing with what answers the console.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { BIN } from "./server.mjs";

const run = promisify(execFile);

export class Journal {
  /** Every entry, oldest first within each shard; numbers of telephones in full. */
  entries;

  /** Of a server that runs, from a copy. */
  static async of(server) {
    const { path } = await server.admin("/admin/backup", "POST");
    return Journal.in(path);
  }

  /** Of a directory that no server has open. */
  static async in(path) {
    const { stdout } = await run(
      join(BIN, "pickupctl"),
      ["--json", "journal", "dump", path, "--unmask"],
      { maxBuffer: 1 << 28 },
    );
    const read = new Journal();
    read.entries = stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    return read;
  }

  /** What operators did, newest first. */
  get actions() {
    return this.entries
      .filter((one) => one.type === "action")
      .sort((a, b) => b.at.localeCompare(a.at) || seqOf(b) - seqOf(a));
  }

  of(service, call) {
    return this.entries.filter(
      (one) =>
        one.type === "call" && one.service === service && one.call === call,
    );
  }

  /** The steps of a call, oldest first. */
  steps(service, call) {
    return this.of(service, call).flatMap((entry) =>
      entry.transitions.map((step) => ({
        ...step,
        seq: seqOf(entry),
        at: entry.at,
        correlationId: entry.correlationId,
      })),
    );
  }

  /** The phase of every call of a service, by number. */
  phases(service) {
    const last = new Map();
    for (const entry of this.entries)
      if (entry.type === "call" && entry.service === service)
        last.set(entry.call, entry.transitions.at(-1).phase);
    return last;
  }
}

export const seqOf = ({ position }) => Number(position.split(":")[1]);
