import { expect } from "bun:test";
import { SHELLS } from "../../src/shell.ts";
import { apiKeyAuth, chatgptAuth, fakeKey } from "../fake/accounts.ts";
import { fakeEnvironment } from "../fake/config.ts";
import { startFakeOpenAI } from "../fake/openai.ts";
import { Home } from "../home.ts";
import { mustSucceed, run } from "../run.ts";
import { PROGRAM } from "../shells/program.ts";
import { Session } from "../shells/session.ts";
import { findShell, KINDS } from "../shells/shells.ts";
import { codexTest } from "./find-codex.ts";
import { withCodex } from "./with-codex.ts";

// accounts that share an e-mail: a prompt that says who is billed, each time another one

const keys = ["first", "second"].map((name) => fakeKey(name, { email: "billing@acme.example", id: "user-billing" }));
const own = fakeKey("own", { email: "alice@example.com", id: "user-alice" });
const workspaces = ["blue", "green", "red"].map((name) => ({
  email: "carol@corp.example",
  name,
  userId: "user-carol",
  accountId: `acct-${name}`,
  plan: "team",
}));

/** Each account's auth.json, by the name that the fake bills it under. */
const LOGINS: Record<string, object> = {
  alice: chatgptAuth({ email: "alice@example.com", name: "alice", userId: "user-alice" }),
  ...Object.fromEntries([own, ...keys].map((key) => [key.name, apiKeyAuth(key)])),
  ...Object.fromEntries(workspaces.map((one) => [one.name, chatgptAuth(one)])),
};

for (const shell of SHELLS) {
  codexTest(
    `${shell}: one e-mail, several accounts: each directory's prompt is another one, and is who is billed`,
    async () => {
      await using cleanUp = new AsyncDisposableStack();
      const home = cleanUp.use(Home.forShells());
      const fake = startFakeOpenAI({ keys: [own, ...keys] });
      cleanUp.defer(() => fake.stop());
      withCodex(home, fake);
      const env = home.env({ ...fakeEnvironment(fake), HTTPS_PROXY: "http://127.0.0.1:1" });
      const auth = async (...words: string[]) =>
        mustSucceed(`codex-auth ${words.join(" ")}`, await run([...PROGRAM, ...words], { cwd: home.path, env })).out;

      // one after the other: with each, the names of those before it may change
      for (const [name, login] of Object.entries(LOGINS))
        await auth("import", home.write(`tmp/${name}.json`, JSON.stringify(login)));
      const { accounts } = JSON.parse(await auth("list", "--skip-api", "--json"));
      expect(accounts).toHaveLength(Object.keys(LOGINS).length);
      const labels: string[] = accounts.map(({ label }: { label: string }) => label);
      expect(new Set(labels).size).toBe(labels.length);
      for (const [at, label] of labels.entries()) await auth("pin", label, home.mkdir(`d${at}`));

      const rc = KINDS[shell].evaluate([...PROGRAM, "init", shell]);
      await using session = await Session.start(shell, home, {
        rc,
        env: { ...fakeEnvironment(fake), HTTPS_PROXY: "http://127.0.0.1:1" },
      });
      const seen: { prompt: string; billed: string | null | undefined }[] = [];
      for (const at of labels.keys()) {
        const before = fake.requestsTo("responses").length;
        await session.cd(home.at(`d${at}`));
        const { prompt } = session;
        await session.run("codex exec --skip-git-repo-check hi");
        const sent = fake.requestsTo("responses").slice(before);
        seen.push({ prompt, billed: sent.find(({ upgrade }) => !upgrade)?.as ?? sent[0]?.as });
      }
      expect(seen.map(({ prompt }) => prompt)).toEqual(labels.map((label) => `${label} >`));
      expect(new Set(seen.map(({ billed }) => billed))).toEqual(new Set(Object.keys(LOGINS)));
      // the account whose label it is, by what `current` names in that directory
      const current = async (at: number) =>
        JSON.parse(
          mustSucceed(
            "codex-auth current",
            await run([...PROGRAM, "current", "--json"], { cwd: home.at(`d${at}`), env }),
          ).out,
        ).account;
      for (const [at, { billed }] of seen.entries()) {
        const { home_id: id } = await current(at);
        const stored = await Bun.file(home.at(".codex/codex-auth/homes", id, "auth.json")).json();
        const login = LOGINS[billed ?? ""] as { OPENAI_API_KEY: string | null; tokens?: { account_id: string } };
        expect(stored.tokens?.account_id ?? stored.OPENAI_API_KEY).toBe(
          login.tokens?.account_id ?? login.OPENAI_API_KEY,
        );
      }

      // one of two goes, and the other needs no more to be told by: open shells show that
      const [one = -1, other = -1] = labels.flatMap((label, at) => (label.startsWith("billing@") ? [at] : []));
      await session.cd(home.at(`d${other}`));
      await auth("remove", labels[one] ?? "", "--yes");
      await session.nextPrompt();
      expect(session.prompt).toBe("billing@acme.example API_KEY >");
      expect((await current(other)).label).toBe("billing@acme.example API_KEY");
    },
    { lacks: findShell(shell) ? [] : [`${shell} (${KINDS[shell].obtain})`] },
  );
}
