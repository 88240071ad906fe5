# codex-auth completions for tcsh: the program says what to offer.
#   eval "`codex-auth completion tcsh`"
set __codex_auth_tab_program = (codex-auth) # init: program
set __codex_auth_tab_base = ~/.codex # init: base
# COMMAND_LINE holds the line. The answer is split at blanks and not evaluated: tcsh quotes what it puts in.
set __codex_auth_tab_command = (/bin/sh -c 'exec "$@" 2>/dev/null' sh /usr/bin/env CODEX_AUTH_BASE=$__codex_auth_tab_base:q $__codex_auth_tab_program:q complete --line)
alias __codex_auth_tab '$__codex_auth_tab_command:q < /dev/null'
# tcsh itself knows commands and files behind --, and files and directories where a command takes them.
complete codex-auth 'C@-*@`__codex_auth_tab`@' 'n@--@c@' 'N@--@f@' 'n@{import,--cpa,--purge}@f@' 'N@import@f@' 'N@pin@d@' 'n@{--to,install}@d@' 'p@*@`__codex_auth_tab`@'
