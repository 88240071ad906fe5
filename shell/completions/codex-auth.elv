# codex-auth completions for elvish: the program says what to offer. eval (codex-auth completion elvish | slurp)
use str
var program = [codex-auth] # init: program
var base = ~/.codex # init: base
# Takes the words of a line, the last as far as it is typed; returns the lines of the answer.
fn ask {|@words|
  tmp E:CODEX_AUTH_BASE = $base
  var command @arguments = $@program complete -- $@words
  try { (external $command) $@arguments </dev/null 2>/dev/null | from-lines } catch { }
}
# Each line is a word, a tab, what it is; without a word it names what elvish knows better. elvish quotes the words itself.
set edit:completion:arg-completer[codex-auth] = {|_ @words|
  ask $@words | each {|line|
    var word about = (str:split &max=2 "\t" $line)
    if (not-eq $word '') {
      edit:complex-candidate $word &display=$word'  '$about
    } elif (str:has-prefix $about 'command ') {
      var rest = $words[(- (str:trim-prefix $about 'command ') 1)..]
      edit:complete-sudo sudo $@rest
    } else {
      edit:complete-filename $words[-1]
    }
  }
}
