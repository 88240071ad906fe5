/** What OpenAI's claims and answers call a plan that the registry knows by another name. Source: Loongphy's codex-auth, docs/json-api.md. */
const STORED_PLANS: Record<string, string> = {
  self_serve_business_usage_based: "business",
  enterprise_cbp_usage_based: "enterprise",
  hc: "enterprise",
  education: "edu",
};

/** Takes a plan as OpenAI names it; returns it as the registry does. What is not known stays, in lower case. */
export function storedPlan(plan: string): string {
  const name = plan.toLowerCase();
  return Object.hasOwn(STORED_PLANS, name) ? (STORED_PLANS[name] ?? name) : name;
}
