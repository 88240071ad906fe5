import { findCodex } from "./find-codex.ts";
import type { World } from "./world.ts";

/** An MCP server that wants a login, for what Codex keeps of such logins. */
export interface McpServer extends AsyncDisposable {
  /** what config.toml says of it, at its top and at its end */
  readonly setting: string;
  readonly table: string;
  /** `codex mcp login`, with the browser's part done */
  login(world: World, env: Record<string, string>): Promise<{ code: number; output: string }>;
}

export function startMcpServer(): McpServer {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { origin, pathname } = new URL(request.url);
      if (pathname.includes("oauth-protected-resource")) {
        return Response.json({ resource: `${origin}/mcp`, authorization_servers: [origin] });
      }
      if (pathname.includes("oauth-authorization-server")) return Response.json(metadata(origin));
      if (pathname === "/register") {
        const { redirect_uris } = JSON.parse(await request.text());
        return Response.json({ redirect_uris, client_id: "client" }, { status: 201 });
      }
      if (pathname === "/token") {
        const tokens = { access_token: "access", refresh_token: "refresh", token_type: "Bearer", expires_in: 3600 };
        return Response.json(tokens);
      }
      const resource = `${origin}/.well-known/oauth-protected-resource`;
      return new Response("", {
        status: 401,
        headers: { "www-authenticate": `Bearer resource_metadata="${resource}"` },
      });
    },
  });
  return {
    setting: `mcp_oauth_credentials_store = "file"`,
    table: `[mcp_servers.fake]\nurl = "http://127.0.0.1:${server.port}/mcp"\n`,
    login: runLogin,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

const metadata = (origin: string) => ({
  issuer: origin,
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/token`,
  registration_endpoint: `${origin}/register`,
  response_types_supported: ["code"],
  grant_types_supported: ["authorization_code", "refresh_token"],
  code_challenge_methods_supported: ["S256"],
  token_endpoint_auth_methods_supported: ["none"],
});

async function runLogin(world: World, env: Record<string, string>) {
  const child = Bun.spawn([findCodex() ?? "codex", "mcp", "login", "fake", "--no-browser"], {
    cwd: world.work,
    env: { ...world.env, ...env },
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  let output = "";
  let answered = false;
  const read = async (stream: ReadableStream<Uint8Array>) => {
    for await (const chunk of stream) {
      output += new TextDecoder().decode(chunk);
      const page = output.match(/http:\S+\/authorize\?\S+(?=\s)/)?.[0];
      if (!page || answered) continue;
      answered = true;
      const asked = new URL(page).searchParams;
      child.stdin.write(`${asked.get("redirect_uri")}?code=code&state=${asked.get("state")}\n`);
      await child.stdin.flush();
    }
  };
  await Promise.all([read(child.stdout), read(child.stderr)]);
  return { code: await child.exited, output };
}
