/**
 * What OpenAI's claims and answers call a plan, where the registry calls it otherwise: since version 4 `business` is what was sold as Team.
 * Source: Loongphy's codex-auth, docs/json-api.md; Codex shows the same names.
 */
const STORED_PLANS: Record<string, string> = {
  team: "business",
  self_serve_business_usage_based: "business",
  business: "enterprise",
  enterprise_cbp_usage_based: "enterprise",
  hc: "enterprise",
  education: "edu",
};

/** Takes a plan as OpenAI names it; returns it as the registry does. What is not known stays, in lower case. */
export function storedPlan(plan: string): string {
  const name = plan.toLowerCase();
  return Object.hasOwn(STORED_PLANS, name) ? (STORED_PLANS[name] ?? name) : name;
}
