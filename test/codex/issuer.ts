import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const HOST = "auth.openai.com";

/** A browser login asks this one host, and no setting leads it elsewhere: a proxy does, with a certificate that an authority of the test's own signs. */
export interface Issuer extends AsyncDisposable {
  /** What makes Codex go through it. */
  readonly env: Record<string, string>;
}

/** Starts one that hands all on to a fake; needs `openssl`. */
export async function startIssuer(fakeUrl: string): Promise<Issuer> {
  const directory = mkdtempSync(join(tmpdir(), "codex-auth-issuer-"));
  const { ca, cert, key } = makeCertificate(directory);
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: { cert: Bun.file(cert), key: Bun.file(key) },
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const body = request.method === "GET" ? {} : { body: await request.arrayBuffer() };
      return fetch(`${fakeUrl}${pathname}${search}`, { method: request.method, headers: request.headers, ...body });
    },
  });
  const proxy = createServer((client) => {
    client.once("data", (head) => {
      if (!head.toString().startsWith(`CONNECT ${HOST}:443 `)) return client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      const upstream = connect(server.port ?? 0, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        client.pipe(upstream).pipe(client);
      });
      for (const socket of [client, upstream]) socket.on("error", () => {});
    });
    client.on("error", () => {});
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    env: { HTTPS_PROXY: url, https_proxy: url, SSL_CERT_FILE: ca, CODEX_CA_CERTIFICATE: ca },
    async [Symbol.asyncDispose]() {
      proxy.close();
      await server.stop(true);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Makes an authority, and a certificate of the host's that it has signed; returns their paths. */
function makeCertificate(directory: string) {
  const at = (name: string) => join(directory, name);
  const openssl = (...words: string[]) => {
    const { exitCode, stderr } = Bun.spawnSync(["openssl", ...words], { cwd: directory });
    if (exitCode !== 0) throw new Error(`openssl ${words[0]}: ${stderr.toString()}`);
  };
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  writeFileSync(at("leaf.ext"), `subjectAltName=DNS:${HOST}\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n`);
  openssl(
    "req",
    "-x509",
    ...curve,
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-days",
    "2",
    "-subj",
    "/CN=codex-auth test",
  );
  openssl("req", ...curve, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", `/CN=${HOST}`);
  const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "leaf.ext"];
  openssl("x509", "-req", "-in", "leaf.csr", "-out", "leaf.pem", "-days", "2", ...signing);
  return { ca: at("ca.pem"), cert: at("leaf.pem"), key: at("leaf.key") };
}
