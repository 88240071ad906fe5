import { expect, test } from "bun:test";
import { apiKeyAuth, fakeKey } from "../fake/accounts.ts";
import { Program } from "./program.ts";
import { describeShells } from "./shells.ts";
import { startShell } from "./world.ts";

const late = fakeKey("late");

describeShells("Ctrl-Z", (shell) => {
  test("while the prompt waits for sync: no job is left, and the account is there", async () => {
    await using world = await Program.create();
    world.openai.addKey(late);
    world.openai.behave("me", { delay: 1500 });
    await using session = await startShell(world, shell);
    const auth = await world.home.write("tmp/late.json", JSON.stringify(apiKeyAuth(late)));
    const before = world.openai.requestsTo("me").length;
    const finish = session.begin(`mv ${session.kind.word(auth)} ${session.kind.word(`${world.base}/auth.json`)}`);
    while (world.openai.requestsTo("me").length === before) await Bun.sleep(20);
    session.terminal.send("ctrl-z");
    await finish();
    // the terminal itself shows what is typed
    expect(session.prompt.replace("^Z", "")).toBe("late@example.com API_KEY >");
    const jobs = await session.run(shell === "pwsh" ? "(Get-Job).Count" : "jobs");
    expect(jobs.replace(/^\s*0?\s*$|^jobs: There are no jobs\s*$/, "")).toBe("");
  });
});
