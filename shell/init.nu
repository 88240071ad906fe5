# codex-auth for nushell: this shell uses the OpenAI account that belongs to its directory.
#   codex-auth init nu | save --force ($nu.data-dir | path join vendor/autoload/codex-auth.nu)
const codex_auth_program = [codex-auth] # init: program
const codex_auth_base = "" # init: base
const codex_auth_prompt = true # init: prompt
const codex_auth_hook = true # init: hook
# What the account depends on: while it stays the same, nothing is started.
def codex-auth-seen []: nothing -> string {
  let home = $env.CODEX_HOME? | default $codex_auth_base
  let files = [$"($codex_auth_base)/codex-auth/generation" $"($codex_auth_base)/accounts/registry.json" $"($codex_auth_base)/auth.json" $"($codex_auth_base)/config.toml" $"($home)/auth.json"]
  let times = $files | each {|file| try { ls --directory --long ($file | path expand) | select inode modified size | to nuon } catch { "" } }
  let strays = [CODEX_API_KEY CODEX_ACCESS_TOKEN CODEX_AUTHAPI_BASE_URL OPENAI_FEDERATION_RULE_ID OPENAI_IDENTITY_TOKEN_FILE OPENAI_ORGANIZATION OPENAI_PROJECT] | each {|name| $env | get --optional $name | to nuon }
  [$env.PWD ($env.CODEX_AUTH_USE? | default "") $home ...$strays ...$times] | to nuon
}

# Puts the account of this directory in force. Where the program does not answer, Codex is kept from starting.
def --env codex-auth-hook []: nothing -> nothing {
  if (codex-auth-seen) == $env.CODEX_AUTH_SEEN?.0? { return }
  let answer = try {
    let told = { CODEX_AUTH_BASE: $codex_auth_base, CODEX_AUTH_SNIPPET: nu }
    let kept = $env.CODEX_AUTH_KEPT?.0? | default {} | to json
    with-env $told { $kept | run-external ...$codex_auth_program hook nu } | from json | select set unset keep
  } catch {
    let closed = { CODEX_HOME: $"($codex_auth_base)/codex-auth/homes/0000000000000000.missing", CODEX_AUTH_LABEL: "missing account" }
    { set: (if ($"($codex_auth_base)/codex-auth" | path exists) { $closed } else { {} }), unset: [], keep: ($env.CODEX_AUTH_KEPT?.0? | default {}) }
  }
  hide-env --ignore-errors ...$answer.unset
  load-env $answer.set
  $env.CODEX_AUTH_KEPT = [$answer.keep] # lists are not exported
  $env.CODEX_AUTH_SEEN = [(codex-auth-seen)]
}

# Accounts of Codex. `use` answers with a home id, or with - for none.
@complete external
def --env --wrapped codex-auth [...words]: any -> any {
  let given = $in
  let told = { CODEX_AUTH_BASE: $codex_auth_base, CODEX_AUTH_SNIPPET: nu }
  if $words.0? != use { with-env $told { if $given == null { run-external ...$codex_auth_program ...$words } else { $given | run-external ...$codex_auth_program ...$words } } } else {
    let answer = with-env $told { run-external ...$codex_auth_program ...$words } | str trim
    if $answer == "-" { hide-env --ignore-errors CODEX_AUTH_USE } else if $answer =~ '^[0-9a-f]{16}$' { $env.CODEX_AUTH_USE = $answer } else { print $answer }
  }
  $env.CODEX_AUTH_SEEN = []
  codex-auth-hook
}
# nushell runs hooks only before a prompt: what stands behind a cd in its line would still be the account of the directory before.
alias codex-auth-cd = cd
def --env cd [path?: directory, --physical (-P)] { if $path == null { codex-auth-cd } else { codex-auth-cd --physical=$physical $path }; if $codex_auth_hook { codex-auth-hook } }
if $codex_auth_hook { $env.config.hooks.pre_prompt = ($env.config.hooks.pre_prompt? | default [] | append {|| codex-auth-hook }) }
if $codex_auth_prompt { let theirs = $env.PROMPT_COMMAND?; $env.PROMPT_COMMAND = {|| $"(if $env.CODEX_AUTH_LABEL? != null { $'(ansi attr_dimmed)($env.CODEX_AUTH_LABEL)(ansi reset) ' })(match ($theirs | describe) { closure => { do $theirs }, nothing => "", _ => $theirs })" } }
codex-auth-hook
