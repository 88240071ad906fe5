import { accountOfHome } from "../../core/accounts/registry.ts";
import { labelOf } from "../../core/accounts/names.ts";
import { envPath } from "../../core/base/layout.ts";
import { DEFAULT, envTexts } from "../../core/homes/derive.ts";
import { isNewest } from "../../core/homes/generation.ts";
import { type Check, fail, orOk, warn } from "./finding.ts";

/** Whether shells read what is so. */
export const envFiles: Check = ({ files, layout }, state) => {
  const { registry, settings } = state;
  if (files.entry(layout.ours) === undefined) return [];
  const nameOf = (id: string) => {
    const account = accountOfHome(registry, id);
    return id === DEFAULT ? "the default account" : account ? labelOf(registry, account) : `an account that was ${id}`;
  };
  const isAsIs = ([id, text]: [string, string]) => files.readQuietly(envPath(layout, id)) === text;
  const wrong = [...envTexts({ files, layout }, state)].filter((one) => !isAsIs(one));
  const found = wrong.map(([id]) =>
    fail("env", `what shells read of ${nameOf(id)} is missing, or is not so`, "codex-auth sync"),
  );
  if (!isNewest({ files, layout }, settings))
    found.push(warn("env", "open shells have not been told of the last change", "codex-auth sync"));
  return orOk(found, "env", "shells read what is so");
};
