# codex-auth for tcsh: this shell uses the OpenAI account that belongs to its directory.
#   eval "`codex-auth init tcsh`"
# Each line is a command by itself: `init` prints them with `;` behind. A name is only ever expanded where nothing is evaluated any more: not within
# "`…`", and `eval` gets constant words, or with `:q` those of an alias as they were typed.
set __codex_auth_program = (codex-auth) # init: program
set __codex_auth_base = ~/.codex # init: base
set __codex_auth_prompt = 1 # init: prompt
set __codex_auth_hook = 1 # init: hook
set __codex_auth_command = (/usr/bin/env CODEX_AUTH_BASE=$__codex_auth_base:q CODEX_AUTH_SNIPPET=tcsh $__codex_auth_program:q)
set __codex_auth_keep __codex_auth_seen __codex_auth_started = 0 __codex_auth_chars = () __codex_auth_n = (0 0 0 0 0 0 0 0 0 0)
set __codex_auth_files = ($__codex_auth_base:q/codex-auth/generation $__codex_auth_base:q/accounts/registry.json $__codex_auth_base:q/auth.json $__codex_auth_base:q/config.toml "")
# What the account depends on: while it stays the same, nothing is started. Times are whole seconds: what is as new as the last answer is not believed.
alias __codex_auth_home 'set __codex_auth_files[5] = "$CODEX_HOME:q/auth.json"'
alias __codex_auth_override 'set __codex_auth_used = "$CODEX_AUTH_USE:q"'
alias __codex_auth_inodes '@ __codex_auth_n[6] = -I "$__codex_auth_files[1]:q"; @ __codex_auth_n[7] = -I "$__codex_auth_files[2]:q"; @ __codex_auth_n[8] = -I "$__codex_auth_files[3]:q"; @ __codex_auth_n[9] = -I "$__codex_auth_files[4]:q"; @ __codex_auth_n[10] = -I "$__codex_auth_files[5]:q"'
alias __codex_auth_times '@ __codex_auth_n[1] = -C "$__codex_auth_files[1]:q"; @ __codex_auth_n[2] = -C "$__codex_auth_files[2]:q"; @ __codex_auth_n[3] = -C "$__codex_auth_files[3]:q"; @ __codex_auth_n[4] = -C "$__codex_auth_files[4]:q"; @ __codex_auth_n[5] = -C "$__codex_auth_files[5]:q"'
alias __codex_auth_strays 'set __codex_auth_own = "$?CODEX_API_KEY $?CODEX_ACCESS_TOKEN $?CODEX_AUTHAPI_BASE_URL $?OPENAI_FEDERATION_RULE_ID $?OPENAI_IDENTITY_TOKEN_FILE $?OPENAI_ORGANIZATION $?OPENAI_PROJECT"; if ($?CODEX_API_KEY) eval '"'"'set __codex_auth_own = "$__codex_auth_own:q $CODEX_API_KEY:q"'"'"'; if ($?CODEX_ACCESS_TOKEN) eval '"'"'set __codex_auth_own = "$__codex_auth_own:q $CODEX_ACCESS_TOKEN:q"'"'"'; if ($?CODEX_AUTHAPI_BASE_URL) eval '"'"'set __codex_auth_own = "$__codex_auth_own:q $CODEX_AUTHAPI_BASE_URL:q"'"'"'; if ($?OPENAI_FEDERATION_RULE_ID) eval '"'"'set __codex_auth_own = "$__codex_auth_own:q $OPENAI_FEDERATION_RULE_ID:q"'"'"'; if ($?OPENAI_IDENTITY_TOKEN_FILE) eval '"'"'set __codex_auth_own = "$__codex_auth_own:q $OPENAI_IDENTITY_TOKEN_FILE:q"'"'"'; if ($?OPENAI_ORGANIZATION) eval '"'"'set __codex_auth_own = "$__codex_auth_own:q $OPENAI_ORGANIZATION:q"'"'"'; if ($?OPENAI_PROJECT) eval '"'"'set __codex_auth_own = "$__codex_auth_own:q $OPENAI_PROJECT:q"'"'"''
alias __codex_auth_look 'set __codex_auth_files[5] = ""; if ($?CODEX_HOME) eval __codex_auth_home; __codex_auth_times; __codex_auth_inodes; __codex_auth_strays; set __codex_auth_used = ""; if ($?CODEX_AUTH_USE) eval __codex_auth_override; set __codex_auth_now = "$__codex_auth_n $__codex_auth_own:q $__codex_auth_files[5]:q $__codex_auth_used:q $cwd:q"'
# Puts the account of this directory in force. Where the program does not answer, Codex is kept from starting.
alias __codex_auth_hook '$__codex_auth_command:q hook tcsh'
alias __codex_auth_apply 'eval $__codex_auth_answer[2]:q'
alias __codex_auth_close 'setenv CODEX_HOME "$__codex_auth_base:q/codex-auth/homes/0000000000000000.missing"; setenv CODEX_AUTH_LABEL "missing account"'
alias __codex_auth_show 'set __codex_auth_shown = "$CODEX_AUTH_LABEL:q "'
alias __codex_auth_ask 'set __codex_auth_answer = (- "`echo $__codex_auth_keep | __codex_auth_hook`"); set __codex_auth_end = "$__codex_auth_answer[$#__codex_auth_answer]:q"'
alias __codex_auth_run '__codex_auth_ask; if ("$__codex_auth_end:q" == "codex-auth") eval __codex_auth_apply; if ("$__codex_auth_end:q" != "codex-auth" && -d "$__codex_auth_base:q/codex-auth") eval __codex_auth_close; set __codex_auth_answer = (); set __codex_auth_shown = ""; if ($?CODEX_AUTH_LABEL) eval __codex_auth_show; __codex_auth_look; set __codex_auth_seen = "$__codex_auth_now:q"; if ($__codex_auth_n[1] >= $__codex_auth_started || $__codex_auth_n[2] >= $__codex_auth_started || $__codex_auth_n[3] >= $__codex_auth_started || $__codex_auth_n[4] >= $__codex_auth_started || $__codex_auth_n[5] >= $__codex_auth_started) set __codex_auth_seen = ""'
alias __codex_auth_follow 'set __codex_auth_was = ($status $?echo); unset echo; __codex_auth_look; if ("$__codex_auth_now:q" != "$__codex_auth_seen:q") eval __codex_auth_run; if ($__codex_auth_was[2]) set echo; set status = $__codex_auth_was[1]'
# One command for pipes and lists can only be `eval`. It reads words twice, history too: from its second line on with a character that nobody types
# in place of `!` (before 6.23.01 neither can be written). What it starts reads the terminal, in a pipe too, unless told otherwise each time. `use`
# answers with a home id, or with - for none. With another character than `!` no alias has words.
set __codex_auth_mark = ("\!" ";")
if ("$tcsh" =~ {6.23.0[1-9]*,6.2[4-9]*,6.[3-9][0-9]*,[7-9].*,[1-9][0-9].*}) eval 'set __codex_auth_mark = ($'"'"'\037'"' "'$'"'"'\n'"')"
alias __codex_auth_begin 'set __codex_auth_chars = (-); if ($?histchars) eval __codex_auth_save; set histchars = $__codex_auth_mark[1]:q'
alias __codex_auth_save 'set __codex_auth_chars = (- "$histchars:q")'
alias __codex_auth_end 'unset histchars; if ($#__codex_auth_chars == 2) set histchars = "$__codex_auth_chars[$#__codex_auth_chars]:q"; set __codex_auth_chars = ()'
set __codex_auth_stdin = /dev/null
if ({ eval ": < /dev/stdin >& /dev/null" }) set __codex_auth_stdin = /dev/stdin
alias codex-auth 'eval __codex_auth_begin $__codex_auth_mark[2]:q __codex_auth_do \!*:q'
alias __codex_auth_do 'set __codex_auth_way = plain; if ($__codex_auth_stdin == /dev/stdin && "'$__codex_auth_mark[1]:q'*:q" !~ *\<*) set __codex_auth_way = piped; if ("'$__codex_auth_mark[1]:q'*:q" =~ {use,use\ *} && "'$__codex_auth_mark[1]:q'*:q" !~ {*\ --help,*\ -h}) set __codex_auth_way = use; eval __codex_auth_$__codex_auth_way '$__codex_auth_mark[1]:q'*:q < $__codex_auth_stdin; __codex_auth_end; set __codex_auth_seen = ""; __codex_auth_follow; set status = $__codex_auth_status'
alias __codex_auth_plain '$__codex_auth_command:q '$__codex_auth_mark[1]:q'*; set __codex_auth_status = $status'
alias __codex_auth_piped '$__codex_auth_command:q '$__codex_auth_mark[1]:q'* < /dev/stdin; set __codex_auth_status = $status'
alias __codex_auth_tell '$__codex_auth_command:q $__codex_auth_words:q; echo $status'
alias __codex_auth_use 'set __codex_auth_words = ('$__codex_auth_mark[1]:q'*); set __codex_auth_answer = (- "`__codex_auth_tell`"); set __codex_auth_status = $__codex_auth_answer[$#__codex_auth_answer]; if ($#__codex_auth_answer == 3) eval __codex_auth_take; if ($#__codex_auth_answer != 3 && "$__codex_auth_status" == 0) set __codex_auth_status = 1'
alias __codex_auth_take 'if ("$__codex_auth_answer[2]:q" == "-") unsetenv CODEX_AUTH_USE; if ("$__codex_auth_answer[2]:q" !~ *[^0-9a-f]*) setenv CODEX_AUTH_USE "$__codex_auth_answer[2]:q"'
if ($?histchars) unalias codex-auth
alias __codex_auth_segment 'if ("$prompt:q" !~ *__codex_auth_shown*) set prompt = "%{\033[2m%}%"\$"__codex_auth_shown%{\033[0m%}$prompt:q"'
alias __codex_auth_before 'if ($#__codex_auth_chars) eval __codex_auth_end; __codex_auth_follow; if ($?prompt && $__codex_auth_prompt) eval __codex_auth_segment'
if ($__codex_auth_hook && "`alias precmd`" !~ *__codex_auth*) alias precmd "__codex_auth_follow;`alias precmd`;__codex_auth_before"
if ($__codex_auth_hook && "`alias cwdcmd`" !~ *__codex_auth*) alias cwdcmd "__codex_auth_follow;`alias cwdcmd`"
eval __codex_auth_run
if ($?prompt && $__codex_auth_prompt) eval __codex_auth_segment
