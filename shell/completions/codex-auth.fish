# codex-auth completions for fish 3.6 and later, with the names of the accounts.
#
#   codex-auth completion fish | source
set -g __codex_auth_completion_program codex-auth # init: program
set -g __codex_auth_completion_base ~/.codex # init: base

# Prints what the program knows, accounts or pins: a word, a tab, what it is. fish quotes the words itself.
function __codex_auth_candidates --argument-names kind
    set -lx CODEX_AUTH_BASE $__codex_auth_completion_base
    $__codex_auth_completion_program candidates $kind 2>/dev/null </dev/null
end

# Succeeds while the command is one of the given ones, with COUNT arguments between it and the cursor (`any`: however many).
function __codex_auth_at --argument-names count
    set -l words (commandline -opc)[2..]
    test (count $words) -gt 0; or return 1
    contains -- $words[1] $argv[2..]; or return 1
    test $count = any; and return 0
    test (count (string match -v -- '-?*' $words)) -eq (math $count + 1)
end

# Succeeds while no command is there yet.
function __codex_auth_first
    test (count (commandline -opc)) -eq 1
end

complete -c codex-auth -e
complete -c codex-auth -f
complete -c codex-auth -s h -l help -d 'show the help'
complete -c codex-auth -n __codex_auth_first -s V -l version -d 'show the version'

for command in \
    'list:accounts, their plans and what is left of their limits' \
    'current:which account is active here, and why' \
    'pin:use an account in this directory and below' \
    'unpin:take the pin of this directory away' \
    'use:use an account in this shell and what it starts' \
    'switch:change the default account' \
    'exec:run a command as the account of this directory' \
    'login:log in and add the account, or add an API key' \
    'import:add accounts from files, folders or CLIProxyAPI' \
    'export:write the credentials out' \
    'alias:name an account' \
    'remove:remove accounts with their credentials and homes' \
    'init:print the snippet for zsh, bash, fish or pwsh' \
    'completion:print the completions for a shell' \
    'pins:every pinned directory and its account' \
    'env:print an account\'s variables, for direnv, CI and scripts' \
    'config:show and change settings' \
    'doctor:check Codex, homes, links, permissions and shells' \
    'sync:take up what Codex or another program has written' \
    'clean:drop stale files' \
    'eject:put a plain auth.json back and take all of ours away' \
    'help:show the help of a command'
    set -l parts (string split -m 1 : -- $command)
    complete -c codex-auth -n __codex_auth_first -a $parts[1] -d $parts[2]
    complete -c codex-auth -n '__codex_auth_at 0 help' -a $parts[1] -d $parts[2]
end

set -l json list current switch remove pins env doctor import export
complete -c codex-auth -n "__codex_auth_at any $json" -l json -d 'print a JSON document'
complete -c codex-auth -n '__codex_auth_at any list' -l active -d 'refresh the active account only'
complete -c codex-auth -n '__codex_auth_at any list' -l live -d 'full screen, redrawn'
complete -c codex-auth -n '__codex_auth_at any list' -l skip-api -d 'ask nobody'
complete -c codex-auth -n '__codex_auth_at any login' -l device-auth -d 'log in with a code on another device'
complete -c codex-auth -n '__codex_auth_at any login' -l with-api-key -d 'add an API key'
complete -c codex-auth -n '__codex_auth_at any login import' -l alias -x -d 'name the account'
complete -c codex-auth -n '__codex_auth_at any login' -l pin -d 'pin this directory to the account'
complete -c codex-auth -n '__codex_auth_at any import export' -l cpa -d 'tokens of CLIProxyAPI'
complete -c codex-auth -n '__codex_auth_at any import' -l purge -d 'rebuild the registry'
complete -c codex-auth -n '__codex_auth_at any remove' -l all -d 'remove every account, with its pins'
complete -c codex-auth -n '__codex_auth_at any remove' -l unpin -d 'take the pins away too'
complete -c codex-auth -n '__codex_auth_at any remove' -s y -l yes -d 'do not ask'
complete -c codex-auth -n '__codex_auth_at any init' -l prompt -d 'show the account in the prompt'
complete -c codex-auth -n '__codex_auth_at any init' -l no-prompt -d 'leave the prompt alone'
complete -c codex-auth -n '__codex_auth_at any init' -l hook -d 'follow cd and every prompt'
complete -c codex-auth -n '__codex_auth_at any init' -l no-hook -d 'nothing runs by itself'
complete -c codex-auth -n '__codex_auth_at any pins' -l prune -d 'take away the pins of directories that are gone'
complete -c codex-auth -n '__codex_auth_at any sync' -l quiet -d 'say only what somebody should know'
complete -c codex-auth -n '__codex_auth_at any env' -l shell -x -a 'sh zsh bash fish pwsh' -d 'whose commands to print'
complete -c codex-auth -n '__codex_auth_at any exec' -l account -x -a '(__codex_auth_candidates accounts)' -d 'the account'

complete -c codex-auth -n '__codex_auth_at 0 pin use switch env' -a '(__codex_auth_candidates accounts)'
complete -c codex-auth -n '__codex_auth_at any remove' -a '(__codex_auth_candidates accounts)'
complete -c codex-auth -n '__codex_auth_at 0 use switch' -a - -d 'back to the one before'
complete -c codex-auth -n '__codex_auth_at 0 unpin' -a '(__codex_auth_candidates pins)'
complete -c codex-auth -n '__codex_auth_at 0 alias' -a set -d 'name an account'
complete -c codex-auth -n '__codex_auth_at 0 alias' -a clear -d 'take its name away'
complete -c codex-auth -n '__codex_auth_at 1 alias' -a '(__codex_auth_candidates accounts)'
complete -c codex-auth -n '__codex_auth_at 0 init completion' -a 'zsh bash fish pwsh'
complete -c codex-auth -n '__codex_auth_at 0 config' -a 'share export_api_key announce interval'
complete -c codex-auth -n '__codex_auth_at 1 config; and contains -- share (commandline -opc)' -a 'all none'
complete -c codex-auth -n '__codex_auth_at 1 config; and string match -qr "^(export_api_key|announce)\$" -- (commandline -opc)' -a 'true false'
complete -c codex-auth -n '__codex_auth_at 0 import' -F
complete -c codex-auth -n '__codex_auth_at 0 export' -a '(__fish_complete_directories)'
complete -c codex-auth -n '__codex_auth_at 1 pin' -a '(__fish_complete_directories)'
complete -c codex-auth -n '__codex_auth_at any exec; and contains -- -- (commandline -opc)' -a '(__fish_complete_subcommand --fcs-skip=3)'
