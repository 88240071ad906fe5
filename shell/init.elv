# codex-auth for elvish: this shell uses the OpenAI account that belongs to its directory.
#   eval (codex-auth init elvish | slurp)
if (not ?(eval 'nop $codex-auth~')) { use path; use re # once is enough
var program = [codex-auth] # init: program
var base = ~/.codex # init: base
var prompt = $true # init: prompt
var hook = $true # init: hook
var seen = $nil # what the last run saw
var keep = [&]  # what the program wants back: no environment holds it

# Starts the program: it learns that a snippet is here.
fn start {|@words|
  tmp E:CODEX_AUTH_BASE = $base
  tmp E:CODEX_AUTH_SNIPPET = elvish
  var command @arguments = $@program $@words
  (external $command) $@arguments
}

# What the account and its label depend on: while it stays the same, nothing of ours is started. elvish itself knows no file's time.
var names = [CODEX_HOME CODEX_SQLITE_HOME OPENAI_API_KEY CODEX_API_KEY CODEX_ACCESS_TOKEN CODEX_AUTHAPI_BASE_URL OPENAI_FEDERATION_RULE_ID OPENAI_IDENTITY_TOKEN_FILE OPENAI_ORGANIZATION OPENAI_PROJECT CODEX_AUTH_USE]
fn look {
  var files = [(put $base/codex-auth/generation $base/accounts/registry.json {$base,$E:CODEX_HOME}/{auth.json,config.toml} | each {|file| if (path:is-regular &follow-symlink $file) { put $file } })]
  put [$pwd (each {|name| if (has-env $name) { put +(get-env $name) } else { put - } } $names) (e:ls -Llid / $@files)]
}

# Puts the account of this directory in force. Where the program does not answer, Codex is kept from starting.
fn run {
  if (eq (look) $seen) { return }
  var answer = [&set=[&] &unset=[] &keep=$keep]
  try { set answer = (put $keep | to-json | start hook elvish | from-json) } catch {
    if (path:is-dir $base/codex-auth) { set answer[set] = [&CODEX_HOME=$base/codex-auth/homes/0000000000000000.missing &CODEX_AUTH_LABEL='missing account'] }
  }
  each $unset-env~ $answer[unset]
  keys $answer[set] | each {|name| set-env $name $answer[set][$name] }
  set keep seen = $answer[keep] (look)
}

# `use` answers with a home id, or with - for none.
edit:add-var codex-auth~ {|@words|
  try {
    if (or (== (count $words) 0) (not-eq $words[0] use)) { start $@words; return }
    var answer = [(start $@words)]
    if (eq $answer [-]) { unset-env CODEX_AUTH_USE } elif (and (== (count $answer) 1) (re:match '^[0-9a-f]{16}$' $answer[0])) { set E:CODEX_AUTH_USE = $answer[0] } else { each $echo~ $answer }
  } finally { set seen = $nil; run }
}
if $hook { set edit:before-readline = [$@edit:before-readline $run~]; set after-chdir = [$@after-chdir {|_| run }] }
# elvish shows what a prompt prints behind what it puts, whichever came first: the label does as the user's prompt does
if $prompt { var theirs = $edit:prompt; var puts = (> (count [($theirs | only-values)]) 0); set edit:prompt = { if (has-env CODEX_AUTH_LABEL) { if $puts { styled $E:CODEX_AUTH_LABEL' ' dim } else { print "\e[2m"$E:CODEX_AUTH_LABEL"\e[0m " } }; $theirs } }
run
}
