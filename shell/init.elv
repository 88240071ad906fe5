# codex-auth for elvish: this shell uses the OpenAI account that belongs to its directory. eval (codex-auth init elvish | slurp)
use path; use platform; use re
var program = [codex-auth] # init: program
var base = ~/.codex # init: base
var prompt = $true # init: prompt
var hook = $true # init: hook
var seen keep = $nil [&] # what the last run saw, and what the program wants back: no environment holds it
var strays = [CODEX_API_KEY CODEX_ACCESS_TOKEN CODEX_AUTHAPI_BASE_URL OPENAI_FEDERATION_RULE_ID OPENAI_IDENTITY_TOKEN_FILE OPENAI_ORGANIZATION OPENAI_PROJECT]
# Starts the program: it learns that a snippet is here.
fn start {|@words|
  tmp E:CODEX_AUTH_BASE E:CODEX_AUTH_SNIPPET = $base elvish
  var command @arguments = $@program $@words
  (external $command) $@arguments
}

# What the account depends on: while it stays the same, nothing of ours is started. elvish itself knows no file's time.
var whole = (if (eq $platform:os linux) { put --full-time } else { put -T })
fn look {
  var files = [$base/codex-auth/generation $base/accounts/registry.json $base/auth.json $base/config.toml $E:CODEX_HOME/auth.json]
  put [$pwd $E:CODEX_AUTH_USE $E:CODEX_HOME (each {|name| if (has-env $name) { put +(get-env $name) } else { put - } } $strays) (e:ls -Llid $whole / (each {|file| if (path:is-regular &follow-symlink $file) { put $file } } $files))]
}
# Puts the account of this directory in force. Where the program does not answer, Codex is kept from starting.
fn run {
  if (eq (look) $seen) { return }
  var answer = [&set=[&] &unset=[] &keep=$keep]
  try {
    set answer = (put $keep | to-json | start hook elvish | from-json)
  } catch {
    if (path:is-dir $base/codex-auth) { set answer[set] = [&CODEX_HOME=$base/codex-auth/homes/0000000000000000.missing &CODEX_AUTH_LABEL='missing account'] }
  }
  each $unset-env~ $answer[unset]
  keys $answer[set] | each {|name| set-env $name $answer[set][$name] }
  set keep seen = $answer[keep] (look)
}
# `use` answers with a home id, or with - for none.
fn take {|answer|
  if (eq $answer [-]) { unset-env CODEX_AUTH_USE } elif (and (== (count $answer) 1) (re:match '^[0-9a-f]{16}$' $answer[0])) { set E:CODEX_AUTH_USE = $answer[0] } else { each $echo~ $answer }
}
var first = (not ?(eval 'nop $codex-auth~')) # no line is run twice
edit:add-var codex-auth~ {|@words|
  try {
    if (or (== (count $words) 0) (not-eq $words[0] use)) { start $@words } else { take [(start $@words)] }
  } finally { set seen = $nil; run }
}
if (and $first $hook) { set edit:before-readline = [$@edit:before-readline $run~]; set after-chdir = [$@after-chdir {|_| run }] }
if (and $first $prompt) { # of values and bytes nobody can tell which comes first
  var theirs = $edit:prompt; var give~ = (if (eq '' ($theirs | only-bytes | slurp)) { put $put~ } else { put $print~ })
  set edit:prompt = { if (has-env CODEX_AUTH_LABEL) { give (styled $E:CODEX_AUTH_LABEL' ' dim) }; $theirs }
}
run
