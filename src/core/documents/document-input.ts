import type { Context } from "../../context.ts";
import { fileKeyOf } from "../accounts/account.ts";
import { activeHere } from "../active/active.ts";
import { isCredential, parseCredential } from "../accounts/credential.ts";
import type { DocumentInput } from "./documents.ts";
import { credentialPath } from "../base/layout.ts";
import { listPins } from "../active/pins.ts";
import type { State } from "../state/state.ts";

/** Returns what the JSON documents are made of, as things are in this directory. */
export function documentInput(
  ctx: Context,
  { registry, loggedOut }: Pick<State, "registry" | "loggedOut">,
): DocumentInput {
  const { files, layout } = ctx;
  return {
    registry,
    loggedOut,
    pins: listPins(files, layout),
    active: activeHere(ctx, registry),
    now: ctx.now(),
    expiresAt(account) {
      const credential = parseCredential(files.read(credentialPath(layout, fileKeyOf(account.account_key))) ?? "");
      return isCredential(credential) && credential.kind === "chatgpt" ? credential.expiresAt : null;
    },
  };
}
