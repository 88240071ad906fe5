# codex-auth completions for fish 3.6 and later: the program says what to offer.
#
#   codex-auth completion fish | source
set -g __codex_auth_completion_program codex-auth # init: program
set -g __codex_auth_completion_base ~/.codex # init: base

# Each line is a word, a tab, what it is; without a word it names what fish knows better. fish quotes the words itself.
function __codex_auth_complete
    set -lx CODEX_AUTH_BASE $__codex_auth_completion_base
    set -l words (commandline -opc)[2..]
    set -l typed (commandline -ct)
    for line in ($__codex_auth_completion_program complete -- $words "$typed" 2>/dev/null </dev/null)
        switch $line
            case \t'directories'
                __fish_complete_directories "$typed"
            case \t'files'
                __fish_complete_path "$typed"
            case \t'command *'
                set -l first (string split -r -m 1 ' ' -- $line)[2]
                complete -C (string join ' ' -- (string escape -- $words[$first..]) "$typed")
            case '*'
                printf '%s\n' $line
        end
    end
end

complete -c codex-auth -e
complete -c codex-auth -f -a '(__codex_auth_complete)'
