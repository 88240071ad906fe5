import { expect } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fakeKey } from "../fake/accounts.ts";
import { codexTest } from "./find-codex.ts";
import { type ConfigFile, homeIdIn, placeFile, provider } from "./overrides.ts";
import { createProduct, type Product } from "./product.ts";

// what beside auth.json decides whom Codex bills: for each, the real Codex and what codex-auth says of it

const ada = fakeKey("ada");
const eve = fakeKey("eve");
const BOB = "bob@example.com";

interface Row extends ConfigFile {
  name: string;
  /** Who is logged in and pinned: an API key, or a ChatGPT login. */
  login?: "key" | "chatgpt";
  env?: Record<string, string>;
  /** What the request carries: the account's name, and its organization; "none": no request was sent. */
  billed: string;
  /** What the messages name of the file; without it nothing is said, and Codex bills the account. */
  says?: string;
  /** Only commands that run in the directory can tell. */
  onlyHere?: boolean;
  /** It is so of the default account alone, which doctor looks at too. */
  ofDefault?: boolean;
}

const home = (name: string, text: string, billed: string, says?: string, more: Partial<Row> = {}): Row => ({
  name,
  place: "home",
  text,
  billed,
  ...(says !== undefined && { says }),
  ...more,
});
const other = 'model_provider = "other"\n';
const needsLogin = "requires_openai_auth = true\n";
const bearer = `experimental_bearer_token = "${eve.key}"`;

const ROWS: Row[] = [
  home("env_key", other + provider('env_key = "OTHER"'), "eve", ":1 says model_provider", { env: { OTHER: eve.key } }),
  home("env_key without the variable", other + provider('env_key = "OTHER"'), "none", ":1 says model_provider"),
  home("experimental_bearer_token", other + provider(needsLogin + bearer), "eve", "experimental_bearer_token"),
  home(
    "a command that gives the token",
    other + provider("") + `[model_providers.other.auth]\ncommand = "echo"\nargs = ["${eve.key}"]\n`,
    "eve",
    "which has auth",
  ),
  home("a provider without a login", other + provider(""), "nobody", "no requires_openai_auth"),
  home("a provider that uses the login", other + provider(needsLogin), "ada"),
  home(
    "an organization in http_headers",
    other + provider(`${needsLogin}http_headers = { "OpenAI-Organization" = "org" }`),
    "ada org",
    "OpenAI-Organization",
  ),
  home(
    "an organization in env_http_headers",
    other + provider(`${needsLogin}env_http_headers = { "openai-organization" = "MINE" }`),
    "ada org",
    "openai-organization",
    { env: { MINE: "org" } },
  ),
  home(
    "another bearer in http_headers",
    other + provider(`${needsLogin}http_headers = { Authorization = "Bearer ${eve.key}" }`),
    "ada",
  ),
  home("a provider that nobody chose", provider(bearer), "ada"),
  home("a provider that is not there", 'model_provider = "nosuch"\n', "none", ":1 says model_provider"),
  home("the provider's own name", 'model_provider = "openai"\n', "ada"),
  home("keyring", 'cli_auth_credentials_store = "keyring"\n', "nobody", ":1 says cli_auth_credentials_store"),
  home("ephemeral", 'cli_auth_credentials_store = "ephemeral"\n', "nobody", ":1 says cli_auth_credentials_store"),
  home("auto, without a keyring", 'cli_auth_credentials_store = "auto"\n', "ada"),
  home("a key where a login is forced", 'forced_login_method = "chatgpt"\n', "none", ":1 says forced_login_method"),
  home("a login where a key is forced", 'forced_login_method = "api"\n', "none", ":1 says forced_login_method", {
    login: "chatgpt",
  }),
  home("another workspace", 'forced_chatgpt_workspace_id = "ws"\n', "none", ":1 says forced_chatgpt_workspace_id", {
    login: "chatgpt",
  }),
  home("a workspace beside a key", 'forced_chatgpt_workspace_id = "ws"\n', "ada"),
  home("the old way to choose a profile", `profile = "p"\n[profiles.p]\n${other}`, "none", ":1 says profile"),
  home("an old profile that nobody chose", `[profiles.p]\n${other}${provider(bearer)}`, "ada"),
  home(
    "an integer of 64 bits, and a line that counts",
    'forced_login_method = "chatgpt"\nx = 9007199254740993\n',
    "none",
    ":1 says forced_login_method",
  ),
  home("an integer of 64 bits", "x = 9007199254740993\n", "ada"),
  home("no TOML", "x = = 3\n", "none", ":1 is no TOML"),
  home("a wrong type", "cli_auth_credentials_store = 3\n", "none", ":1 has a value for cli_auth_credentials_store"),
  home("a byte order mark", '\ufeffforced_login_method = "chatgpt"\n', "none", ":1 says forced_login_method"),
  {
    name: "the system's provider",
    place: "system",
    text: other + provider(bearer),
    billed: "eve",
    says: ":1 says model_provider",
  },
  {
    name: "the system's store",
    place: "system",
    text: 'cli_auth_credentials_store = "ephemeral"',
    billed: "nobody",
    says: ":1 says cli_auth",
  },
  {
    name: "the administrator's provider",
    place: "managed",
    text: other + provider(bearer),
    billed: "eve",
    says: ":1 says model_provider",
  },
  {
    name: "the administrator's method",
    place: "managed",
    text: 'forced_login_method = "chatgpt"',
    billed: "none",
    says: ":1 says forced_login",
  },
  { name: "managed_config.toml in the home", place: "beside", text: 'forced_login_method = "chatgpt"', billed: "ada" },
  {
    name: "a trusted project's method",
    place: "project",
    text: 'forced_login_method = "chatgpt"',
    billed: "none",
    says: ":1 says forced_login",
    onlyHere: true,
  },
  {
    name: "a trusted project's method, and a ChatGPT login",
    place: "project",
    text: 'forced_login_method = "api"',
    login: "chatgpt",
    billed: "none",
    says: ":1 says forced_login",
    onlyHere: true,
  },
  {
    name: "a trusted project's store",
    place: "project",
    text: 'cli_auth_credentials_store = "ephemeral"',
    billed: "nobody",
    says: ":1 says cli_auth",
    onlyHere: true,
  },
  { name: "a trusted project's provider", place: "project", text: other + provider(bearer), billed: "ada" },
  { name: "the base home's .env", place: ".env", text: "OPENAI_ORGANIZATION=org\n", billed: "ada", ofDefault: true },
  {
    name: "an organization in the account home's",
    place: "own .env",
    text: "# mine\nexport OPENAI_ORGANIZATION = 'org' # of work\n",
    billed: "ada org",
    says: ":2 says OPENAI_ORGANIZATION",
  },
  { name: "nothing that counts", place: "own .env", text: "OPENAI_ORGANIZATION=''\nCODEX_API_KEY=x\n", billed: "ada" },
];

/** What the last request carried. */
function billedOf({ fake }: Product): string {
  const last = fake.requestsTo("responses").at(-1);
  if (!last) return "none";
  return [last.as ?? "nobody", ...(last.organization === null ? [] : [last.organization])].join(" ");
}

for (const row of ROWS) {
  codexTest(
    `${row.place}: ${row.name}: whom Codex bills, and what is said of it`,
    async () => {
      await using product = await createProduct({ keys: [ada, eve], behave: { responses: { status: 400 } } });
      if (row.login === "chatgpt") await product.addLogin({ email: BOB });
      else await product.addKey(ada);
      const name = row.login === "chatgpt" ? BOB : "ada@example.com";
      await product.auth(["pin", name]);
      const { wrap, path } = placeFile(product, row);
      const run = (...command: string[]) =>
        product.run([...wrap, ...command], { env: { CODEX_AUTH_SNIPPET: "bash", ...row.env } });

      await run("codex-auth", "sync");
      const codexHome = await product.accountHome(name).catch(() => homeOf(product));
      const [current, doctor, exec] = [
        await run("codex-auth", "current"),
        await run("codex-auth", "doctor"),
        await run("codex-auth", "exec", "--", "true"),
      ];
      const env = { CODEX_HOME: codexHome, CODEX_SQLITE_HOME: product.base, ...row.env };
      await product.run([...wrap, "codex", "exec", "--skip-git-repo-check", "hi"], { env });

      const said = row.says === undefined ? undefined : path + row.says;
      const has = (text: string) =>
        said === undefined ? !/^(?:FAIL|warning)/m.test(text) : text.includes(said) || text.includes(row.says ?? "");
      expect({
        billed: billedOf(product),
        label: envLabel(product).endsWith(" !"),
        current: [current.out.split("\n")[0]?.endsWith(" !"), has(current.err)],
        doctor: has(doctor.out.replace(/^FAIL {2}.*snippet.*$/m, "")),
        exec: [exec.code, said === undefined || exec.err.includes(path)],
      }).toEqual({
        billed: row.billed,
        label: said !== undefined && !row.onlyHere,
        current: [said !== undefined, true],
        doctor: row.ofDefault !== true,
        exec: [said === undefined ? 0 : 1, true],
      });
      // an excluded login is not logged out, wherever the next sync runs
      await product.run([...wrap, "codex-auth", "sync"], { cwd: product.home });
      expect(existsSync(join(codexHome, "auth.json"))).toBe(true);
    },
    { milliseconds: 600_000 },
  );
}

const homeOf = (product: Product) => join(product.homes, homeIdIn(product));

function envLabel(product: Product): string {
  const file = join(product.base, "codex-auth", "env", homeIdIn(product));
  return /^CODEX_AUTH_LABEL=(.*)$/m.exec(readFileSync(file, "utf8"))?.[1] ?? "";
}
