import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Product } from "./product.ts";

/** A file that Codex reads, and what is put into it; `FAKE` is the fake server's address. What goes into the home's config.toml is added to it. */
export interface ConfigFile {
  place: "home" | "system" | "managed" | "project" | "beside" | ".env" | "own .env";
  text: string;
}

/** A table of a provider of requests, which asks the fake as the built-in one does. */
export const provider = (more: string) =>
  `\n[model_providers.other]\nname = "other"\nbase_url = "FAKE/v1"\nwire_api = "responses"\n${more}\n`;

/** Puts the file where Codex reads it; returns what runs a command with it in place, and the path that messages name. */
export function placeFile(product: Product, { place, text: raw }: ConfigFile): { wrap: string[]; path: string } {
  const text = raw.replaceAll("FAKE", product.fake.url);
  const config = join(product.base, "config.toml");
  if (place === "home") {
    // keys of the top level come before the first table
    const [top = "", ...tables] = `\n${text}`.split(/^(?=\[)/m);
    writeFileSync(config, [top.slice(1), readFileSync(config, "utf8"), ...tables].join("\n"));
    return { wrap: [], path: config };
  }
  if (place === "system" || place === "managed") return placeInEtc(product, place, text);
  const path = {
    project: join(product.work, ".codex", "config.toml"),
    beside: join(product.base, "managed_config.toml"),
    ".env": join(product.base, ".env"),
    "own .env": join(product.homes, homeIdIn(product), ".env"),
  }[place];
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  // as earlier versions shared it
  if (place === ".env") symlinkSync("../../../.env", join(product.homes, homeIdIn(product), ".env"));
  return { wrap: [], path };
}

/** The home id of the only account home. */
export const homeIdIn = ({ homes }: Product): string =>
  [...new Bun.Glob("*").scanSync({ cwd: homes, onlyFiles: false })][0] ?? "";

/** A copy of /etc stands in its place for one command and what it starts: nobody else sees it. */
function placeInEtc(product: Product, place: "system" | "managed", text: string) {
  const name = place === "system" ? "config.toml" : "managed_config.toml";
  const etc = join(product.home, "etc");
  cpSync("/etc", etc, { recursive: true, dereference: false, verbatimSymlinks: true });
  mkdirSync(join(etc, "codex"), { recursive: true });
  writeFileSync(join(etc, "codex", name), text);
  const wrap = ["unshare", ...UNSHARE, "sh", "-c", 'mount --bind "$0" /etc && exec "$@"', etc];
  return { wrap, path: `/etc/codex/${name}` };
}

const works = (flags: string[]) => Bun.which("unshare") && Bun.spawnSync(["unshare", ...flags, "true"]).success;
/** The flags with which `unshare` gives a command its own mounts: as root, or as root of a namespace. */
const UNSHARE = works(["--mount"]) ? ["--mount"] : ["--map-root-user", "--mount"];
