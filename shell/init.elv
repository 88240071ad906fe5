# codex-auth for elvish: this shell uses the OpenAI account that belongs to its directory.
#   eval (codex-auth init elvish | slurp)
use path
use re
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

# What the account depends on: while it stays the same, nothing of ours is started. elvish itself knows no file's time.
fn look {
  var files = [$base/codex-auth/generation $base/accounts/registry.json $base/auth.json $E:CODEX_HOME/auth.json]
  put [$pwd $E:CODEX_AUTH_USE (each {|file| if (path:is-regular &follow-symlink $file) { e:ls -Llid $file } } $files)]
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
edit:add-var codex-auth~ {|@words|
  try {
    if (or (== (count $words) 0) (not-eq $words[0] use)) { start $@words; return }
    var answer = [(start $@words)]
    if (eq $answer [-]) { unset-env CODEX_AUTH_USE } elif (and (== (count $answer) 1) (re:match '^[0-9a-f]{16}$' $answer[0])) { set E:CODEX_AUTH_USE = $answer[0] } else { each $echo~ $answer }
  } finally { set seen = $nil; run }
}
if $hook { set edit:before-readline = [$@edit:before-readline $run~]; set after-chdir = [$@after-chdir {|_| run }] }
if $prompt { var theirs = $edit:prompt; set edit:prompt = { if (has-env CODEX_AUTH_LABEL) { styled $E:CODEX_AUTH_LABEL' ' dim }; $theirs } }
run
