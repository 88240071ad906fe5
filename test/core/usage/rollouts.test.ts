import { afterAll, expect, test } from "bun:test";
import { ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readLocalUsage, type Session } from "../../../src/core/usage/rollouts.ts";
import { files } from "../../../src/io/files.ts";

const root = mkdtempSync(join(tmpdir(), "codex-auth-rollouts-"));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;

const meta = (own: object = {}) =>
  JSON.stringify({
    type: "session_meta",
    payload: { cwd: "/w", base_instructions: { text: "x".repeat(70_000) }, ...own },
  });
const by = (user: string, workspace: string) => meta({ creator_user_id: user, creator_account_id: workspace });
const limits = (used_percent: number, own: object = {}) => ({
  limit_id: "codex",
  primary: { used_percent, window_minutes: 300, resets_at: 1_800_000_000 },
  secondary: null,
  credits: null,
  plan_type: "team",
  ...own,
});
const counted = (rate_limits: object | null, minute = 0) =>
  JSON.stringify({
    timestamp: `2026-07-26T12:${String(minute).padStart(2, "0")}:00.000Z`,
    type: "event_msg",
    payload: { type: "token_count", info: {}, rate_limits },
  });
const chatter = JSON.stringify({ type: "response_item", payload: { text: 'a "token_count" of "rate_limits"' } });

interface Rollout {
  lines: string[];
  /** Seconds since 1970; later is newer. */
  mtime: number;
  name?: string;
}

function sessions(...rollouts: Rollout[]): string {
  const directory = join(root, String(count++));
  rollouts.forEach(({ lines, mtime, name = `2026/07/26/rollout-${mtime}.jsonl` }) => {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, lines.join("\n"));
    utimesSync(path, mtime, mtime);
  });
  return directory;
}

const creator = ({ accountKey }: Session) => accountKey ?? "me";
/** How much is used of the first window, by account key. */
const read = (directory: string, keys = ["me"]) =>
  Object.fromEntries(
    [...readLocalUsage(files, directory, keys, creator)].map(([key, { usage }]) => [key, usage.primary?.used_percent]),
  );

test.each([
  ["the last count", [meta(), counted(limits(1)), chatter, counted(limits(2)), chatter, ""], 2],
  ["a count without limits tells nothing", [meta(), counted(limits(1)), counted(null)], 1],
  ["a count without windows", [meta(), counted(limits(1)), counted(limits(2, { primary: null }))], 1],
  ["another limit than Codex's", [meta(), counted(limits(1)), counted(limits(2, { limit_id: "other" }))], 1],
  ["no limit id", [meta(), counted(limits(3, { limit_id: null }))], 3],
  ["the last line is cut off", [meta(), counted(limits(1)), counted(limits(2)).slice(0, 50)], 1],
  ["no session_meta", [counted(limits(1))], 1],
  ["nothing", [meta(), chatter], undefined],
  ["an empty file", [""], undefined],
  ["no JSON", ["token_count", '"token_count"', "{"], undefined],
])("%s", (_what, lines, expected) => {
  expect(read(sessions({ lines, mtime: 1 })).me).toBe(expected as number);
});

test("the last written session counts, whatever its name says", () => {
  const old = { lines: [meta(), counted(limits(1))], mtime: 1, name: "2026/07/27/rollout-z.jsonl" };
  const resumed = { lines: [meta(), counted(limits(2))], mtime: 2, name: "2025/01/01/rollout-a.jsonl" };
  expect(read(sessions(old, resumed)).me).toBe(2);
});

test("each account's own, by who began the session", () => {
  const directory = sessions(
    { lines: [by("u1", "w1"), counted(limits(1))], mtime: 4 },
    { lines: [by("u2", "w2"), counted(limits(2))], mtime: 3 },
    { lines: [by("u1", "w1"), counted(limits(3))], mtime: 2 },
    { lines: [by("u3", "w3"), counted(limits(4))], mtime: 1 },
  );
  expect(read(directory, ["u1::w1", "u2::w2", "u4::w4"])).toEqual({ "u1::w1": 1, "u2::w2": 2 });
});

test("what is no rollout is left alone; no sessions at all tell nothing", () => {
  const lines = [meta(), counted(limits(1))];
  expect(
    read(sessions({ lines, mtime: 1, name: "2026/notes.jsonl" }, { lines, mtime: 1, name: "rollout-1.json" })),
  ).toEqual({});
  expect(read(join(root, "none"))).toEqual({});
});

test("plans are called as the registry calls them", () => {
  const found = readLocalUsage(files, sessions({ lines: [counted(limits(1))], mtime: 1 }), ["me"], creator);
  expect(found.get("me")).toMatchObject({ usage: { plan_type: "team" }, timestampMs: Date.UTC(2026, 6, 26, 12) });
});

test("a gigabyte of sessions costs no more than its newest files", () => {
  const directory = sessions({ lines: [""], mtime: 1 });
  const fd = openSync(join(directory, "2026/07/26/rollout-big.jsonl"), "w");
  const line = `\n${counted(limits(7))}\n`;
  writeSync(fd, `${meta()}\n`);
  ftruncateSync(fd, 2 ** 30);
  const start = performance.now();
  expect(read(directory)).toEqual({});
  writeSync(fd, line, 2 ** 30);
  expect(read(directory)).toEqual({ me: 7 });
  expect(performance.now() - start).toBeLessThan(5000);
});

test("many sessions: only the newest are opened", () => {
  const opened: string[] = [];
  const counting = {
    ...files,
    linesFromEnd: (path: string, limit?: number) => (opened.push(path), files.linesFromEnd(path, limit)),
  };
  const directory = sessions(...Array.from({ length: 200 }, (_, n) => ({ lines: [meta(), chatter], mtime: n + 1 })));
  expect(readLocalUsage(counting, directory, ["me"], creator).size).toBe(0);
  expect(opened).toHaveLength(40);
});
