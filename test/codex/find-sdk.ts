import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** The version of `@openai/codex-sdk` that was tried. */
export const SDK_VERSION = "0.163.0";

const PREFIX = resolve(import.meta.dir, "../../node_modules/.cache/codex-sdk");
const SDK = resolve(PREFIX, "node_modules/@openai/codex-sdk/dist/index.js");

/** The module of the SDK, or null where nobody has installed it. */
export const findSdk = (): string | null => (existsSync(SDK) ? SDK : null);

/** How to get it, without the Codex that it would bring. */
export const SDK_REMEDY = `npm install --prefix ${PREFIX} --omit=optional @openai/codex-sdk@${SDK_VERSION}`;
