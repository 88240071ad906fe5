# codex-auth completions for nushell: the program says what to offer.
#   codex-auth completion nu | save --force ($nu.data-dir | path join vendor/autoload/codex-auth-completion.nu)
const codex_auth_completion_program = [codex-auth] # init: program
const codex_auth_completion_base = "" # init: base

# Takes the words of a line, the last as far as it is typed; returns what may stand in its place, null for files. Each line of the answer is a
# word, a tab, what it is; without a word it names what nushell knows better.
def codex-auth-complete [words: list<string>] {
  let typed = $words | last
  let answer = with-env { CODEX_AUTH_BASE: $codex_auth_completion_base } {
    "" | run-external ...$codex_auth_completion_program complete "--" ...$words | complete | get stdout
  }
  if $answer == $"\tcommand ($words | length)\n" {
    return ($env.PATH | each {|directory| try { ls --short-names $directory | get name } catch { [] } } | flatten | uniq | where {|name| $name | str starts-with $typed })
  }
  if $answer =~ '(?m)^\t' { return null }
  # what is offered stands in the line as it is: words are quoted here
  $answer | lines | parse "{value}\t{description}" | where {|one| $one.value | str starts-with $typed }
  | update value {|one| if $one.value =~ '^[\w@.+=/-]+$' { $one.value } else { $one.value | to nuon } }
}
let codex_auth_others = $env.config.completions.external.completer?
$env.config.completions.external.completer = {|spans|
  if $spans.0 == codex-auth { codex-auth-complete ($spans | skip 1) } else if $codex_auth_others != null { do $codex_auth_others $spans }
}
