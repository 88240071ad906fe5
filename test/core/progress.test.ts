import { expect, test } from "bun:test";
import { withProgress } from "../../src/core/progress.ts";

const run = async (patienceMs: number, fail = false) => {
  const shown: string[] = [];
  let done = 0;
  const work = async (moved: () => void) => {
    done = 1;
    moved();
    await Bun.sleep(40);
    done = 2;
    moved();
    if (fail) throw new Error("oops");
    return "result";
  };
  const result = withProgress(
    (text) => void shown.push(text),
    () => `${done} of 2`,
    work,
    patienceMs,
  );
  return { result: await result.catch(() => "failed"), shown };
};

test.each([
  ["what is quick shows nothing", 5000, false, { result: "result", shown: [] }],
  [
    "what takes longer shows how far it is, also before anything more is done",
    1,
    false,
    { result: "result", shown: ["1 of 2", "2 of 2", ""] },
  ],
  ["a failure takes it away", 1, true, { result: "failed", shown: ["1 of 2", "2 of 2", ""] }],
])("%s", async (_what, patience, fail, expected) => expect(await run(patience, fail)).toEqual(expected));
