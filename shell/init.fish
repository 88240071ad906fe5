# codex-auth for fish 3.6 and later: this shell uses the OpenAI account that belongs to its directory.
#
#   codex-auth init fish | source
#
# What fish has reserved (set, test, string, read, status, …) no function can replace; the other commands get `builtin`.
set -g __codex_auth_program codex-auth # init: program
set -g __codex_auth_base ~/.codex # init: base
set -g __codex_auth_prompt 1 # init: prompt
set -g __codex_auth_hook 1 # init: hook

set -g __codex_auth_ours $__codex_auth_base/codex-auth
# Beside one of these Codex would bill another account or organization than the prompt shows.
set -g __codex_auth_strays CODEX_API_KEY CODEX_ACCESS_TOKEN CODEX_AUTHAPI_BASE_URL OPENAI_FEDERATION_RULE_ID \
    OPENAI_IDENTITY_TOKEN_FILE OPENAI_ORGANIZATION OPENAI_PROJECT
# The variables of the user that an account takes over and gives back; what was in the secret ones is never exported.
set -g __codex_auth_secrets OPENAI_API_KEY CODEX_API_KEY CODEX_ACCESS_TOKEN
set -g __codex_auth_managed CODEX_HOME CODEX_SQLITE_HOME OPENAI_API_KEY $__codex_auth_strays
# The variables that tell of the account.
set -g __codex_auth_told CODEX_AUTH_ACCOUNT CODEX_AUTH_EMAIL CODEX_AUTH_PLAN CODEX_AUTH_LABEL
# A whole env file: nothing but lines that set or unset one of these, and the label at its end.
set -l name '(?:'(string join '|' -- $__codex_auth_managed $__codex_auth_told CODEX_AUTH_CREDENTIAL)')'
set -g __codex_auth_whole "\A(?:$name=.*\n|-$name\n)*CODEX_AUTH_LABEL=.+\n\z"

# What all was found as when it was looked at last: one test over files, and the variables. Without the test all is looked at again.
set -g __codex_auth_check
set -g __codex_auth_around
set -g __codex_auth_fresh 1 # until the first prompt: apply again, whatever config.fish exports further down
set -g __codex_auth_seen # token, override and directory of the last run
set -g __codex_auth_applied # what is in force: home id, source, token
set -g __codex_auth_tried # the state that sync was last run for
set -g __codex_auth_known # codex-auth/ has been there: when it goes, somebody has ejected it
set -g __codex_auth_label # the label without a mark
set -g __codex_auth_home # the account home in force, and the witness of its login
set -g __codex_auth_home_witness
set -g __codex_auth_witness # a link to the file that auth.json led to when the program looked; nothing where nobody was logged in
set -g __codex_auth_witnessed # the token that this was read at
set -g __codex_auth_stale # which logins are not those that the program has seen
set -g __codex_auth_closed # the login of the account home in force is another one, and sync has left it so
set -g __codex_auth_shown # the label with its mark
set -g __codex_auth_segment # the same as the prompt shows it
set -g __codex_auth_dim (builtin set_color --dim)
set -g __codex_auth_normal (builtin set_color normal)
set -g __codex_auth_reasons # what has been said already, with the token of then

set -l events
if test $__codex_auth_hook = 1
    set events --on-variable PWD --on-event fish_prompt
end

# Runs before each prompt and when the directory changes. Prints nothing to stdout and starts no process, except by sync.
# With --no-scope-shadowing its parts below set its local variables. fish itself keeps $status and $pipestatus around it.
function __codex_auth_hook $events
    # No key shows when the user traces his shell.
    set -l fish_trace
    # The common case: nothing has changed.
    if test "x$CODEX_AUTH_USE $PWD $CODEX_HOME $HOME $CODEX_AUTH_LABEL $CODEX_API_KEY$CODEX_ACCESS_TOKEN$CODEX_AUTHAPI_BASE_URL$OPENAI_FEDERATION_RULE_ID$OPENAI_IDENTITY_TOKEN_FILE$OPENAI_ORGANIZATION$OPENAI_PROJECT" = "$__codex_auth_around"
        if set -q __codex_auth_check[1]; and test $__codex_auth_check
            if not set -q argv[1]; and test $__codex_auth_prompt = 1; and status is-interactive
                __codex_auth_wrap
            end
            return
        end
    end
    set -g __codex_auth_check # should Ctrl-C come meanwhile, the next prompt does it all again
    set -l token
    set -l announce
    set -l id
    set -l source
    set -l why
    # fish copies what the calling function has as local exported variables: those are its business, ours are the global ones.
    set -e -f $__codex_auth_managed $__codex_auth_told

    # The prompt's event has no arguments, PWD's has: a prompt means that config.fish has been read to its end.
    set -l first $__codex_auth_fresh
    if not set -q argv[1]; and status is-interactive
        set -g __codex_auth_fresh
    end

    for round in 1 2
        # su and sudo keep HOME: what another user owns is not believed.
        if test -O $__codex_auth_ours
            set token
            if test -f $__codex_auth_ours/generation; and test -r $__codex_auth_ours/generation
                read -L token announce <$__codex_auth_ours/generation
            end
            set token own:$token
            set -g __codex_auth_known 1
        else if test -e $__codex_auth_ours
            set token foreign
        else
            set token none
        end

        set -l seen "$token $CODEX_AUTH_USE $PWD"
        if test -n "$first"; or test "$seen" != "$__codex_auth_seen"
            # Should Ctrl-C come now, the next prompt does it all again.
            test -n "$__codex_auth_seen"; or set first 1
            set -g __codex_auth_seen
            __codex_auth_resolve
            string match -q -- "$id $source *" "$__codex_auth_applied"; or set -g __codex_auth_closed
            if test -n "$first"; or test "$token" != "$__codex_auth_witnessed"
                __codex_auth_read_witness
            end
            if test -n "$first"; or test "$id $source $token" != "$__codex_auth_applied"
                __codex_auth_apply
            end
            set -g __codex_auth_seen $seen
            set first
        end

        # Is a login another one than the program has seen? One state is tried once.
        __codex_auth_judge
        set -l state
        if set -q __codex_auth_stale[1]
            set state "$__codex_auth_applied $__codex_auth_stale"
        end
        test "$state" != "$__codex_auth_tried"; or break
        set -g __codex_auth_tried $state
        set -q __codex_auth_stale[1]; and test -O $__codex_auth_base; and test $round = 1; or break
        __codex_auth_sync
    end

    # While another login lies in its home a pin or use fails closed; with that over it is itself again.
    set -l closed
    builtin contains -- home $__codex_auth_stale; and set closed 1
    if test "$closed" != "$__codex_auth_closed"
        set -g __codex_auth_closed $closed
        __codex_auth_resolve
        __codex_auth_apply
    end

    __codex_auth_mark
    # Where no prompt's event will come, now.
    if not set -q argv[1]; or test $__codex_auth_hook = 0
        test $__codex_auth_prompt = 1; and status is-interactive; and __codex_auth_wrap
    end
    __codex_auth_remember
end

# Keeps what the next look compares with: that the newest token, the logins and the registry are as they are now.
function __codex_auth_remember --no-scope-shadowing
    set -g __codex_auth_around "x$CODEX_AUTH_USE $PWD $CODEX_HOME $HOME $CODEX_AUTH_LABEL $CODEX_API_KEY$CODEX_ACCESS_TOKEN$CODEX_AUTHAPI_BASE_URL$OPENAI_FEDERATION_RULE_ID$OPENAI_IDENTITY_TOKEN_FILE$OPENAI_ORGANIZATION$OPENAI_PROJECT"
    string match -q 'own:?*' -- $token; and test -z "$__codex_auth_fresh"; or return
    # what is marked, or stale, is looked at each time
    set -q __codex_auth_stale[1]; or test "$__codex_auth_shown" != "$__codex_auth_label"; and return
    set -l registry $__codex_auth_base/accounts/registry.json
    set -l check -O $__codex_auth_ours/now/(string sub --start 5 -- $token)
    set -a check -a ! $__codex_auth_base/config.toml -nt $__codex_auth_ours/live/config
    for one in base home registry
        set -l file $__codex_auth_base/auth.json
        set -l witness $__codex_auth_witness
        switch $one
            case home
                test -n "$__codex_auth_home"; or continue
                set file $__codex_auth_home/auth.json
                set witness $__codex_auth_home_witness
            case registry
                set file $registry
                set witness $__codex_auth_ours/live/registry.json
                test -e $witness; or set witness
        end
        if set -q witness[1]
            set -a check -a -e $witness -a $file -ef $witness -a ! $file -nt $witness.to
            test $one = registry; or set -a check -a ! $file -ot $witness.from
        else
            set -a check -a ! -e $file
        end
    end
    set -g __codex_auth_check $check
end

# Sets stale to what is not as the program has seen it: a name for each.
function __codex_auth_judge --no-scope-shadowing
    set -g __codex_auth_stale
    switch $token
        case 'own:*'
            __codex_auth_is_seen $__codex_auth_base/auth.json $__codex_auth_witness; or set -a __codex_auth_stale base
            set -l registry $__codex_auth_base/accounts/registry.json
            set -l witness $__codex_auth_ours/live/registry.json
            if test -e $registry -o -e $witness
                test -e $witness -a $registry -ef $witness -a ! $registry -nt $witness.to; or set -a __codex_auth_stale registry
            end
            # what stands there decides on marks in env files; the mark has the time of what they were made of
            test $__codex_auth_base/config.toml -nt $__codex_auth_ours/live/config; and set -a __codex_auth_stale config
            if test -n "$__codex_auth_home"
                __codex_auth_is_seen $__codex_auth_home/auth.json $__codex_auth_home_witness; or set -a __codex_auth_stale home
            end
        case none
            if test -z "$__codex_auth_known"; and test -e $__codex_auth_base/auth.json
                set -g __codex_auth_stale new
            end
    end
end

# Takes an auth.json and its witness, if it has one; returns whether it is the file that the program has seen, as it was then. Who
# replaces a file, with whatever time, leaves the witness behind; who writes in place leaves the time that lies between those of
# .from and .to. (To fish two files that are not there are the same.)
function __codex_auth_is_seen
    if set -q argv[2]
        test -e $argv[2] -a $argv[1] -ef $argv[2] -a ! $argv[1] -nt $argv[2].to -a ! $argv[1] -ot $argv[2].from
    else
        not test -e $argv[1]
    end
end

# Reads what the login of the base home is judged by, while an account is in force too.
function __codex_auth_read_witness --no-scope-shadowing
    set -l file $__codex_auth_ours/env/@default
    set -l text
    set -l witness
    set -g __codex_auth_witness
    set -g __codex_auth_witnessed $token
    string match -q 'own:*' -- $token; and test -f $file; and test -r $file; or return
    read -z text <$file
    string match -rq '(?m)^CODEX_AUTH_CREDENTIAL=(?<witness>.+)$' -- "$text"; and set -g __codex_auth_witness $witness
end

# Finds the account of this directory: sets id (a home id, @default, or nothing), source and, where it fails closed, why.
function __codex_auth_resolve --no-scope-shadowing
    set id
    set source default
    set why
    if test -n "$CODEX_AUTH_USE"
        set source use
        set id "$CODEX_AUTH_USE"
        if not __codex_auth_is_id "$id"
            set id 0000000000000000
            set why "CODEX_AUTH_USE is not a home id"
        end
        return
    end
    if test $token = foreign
        set why "$__codex_auth_ours belongs to another user and is ignored"
    end
    string match -q 'own:*' -- $token; or return

    set -l worktrees
    # In a deleted directory PWD may be no path: then there is nothing to walk.
    if string match -q '/*' -- "$PWD"
        # Read up to NUL: the name of a directory may hold, or end in, a newline.
        set -l here
        builtin path resolve --null-out -- $PWD | read -z here
        __codex_auth_find_pin "$here"; and return
        # A linked worktree of git counts as its repository.
        for dir in $worktrees
            set -l repository
            if __codex_auth_find_repository $dir
                __codex_auth_find_pin "$repository"; and return
                break
            end
        end
    end
    set id @default
end

# Takes a physical directory; sets id and source when it or a parent is pinned, else returns 1. Notes where a .git file lies.
function __codex_auth_find_pin --no-scope-shadowing
    set -l dir $argv[1]
    while string match -q '/*' -- "$dir"
        set -l mirror $__codex_auth_ours/pins
        test $dir = /; or set mirror $mirror$dir
        set -l pin $mirror/%account
        if test -e $pin; or test -L $pin
            set source pin
            set id
            if test -f $pin; and test -r $pin
                set -l text
                read -z text <$pin
                string match -rq '\A(?<id>[0-9a-f]{16})\n?\z' -- "$text"; or set why "$pin does not hold a home id"
            else
                set why "$pin cannot be read"
            end
            test -z "$why"; or set id 0000000000000000
            return 0
        else if test -d $mirror; and not test -x $mirror
            set source pin
            set id 0000000000000000
            set why "$mirror cannot be read"
            return 0
        end
        if test -f $dir/.git; and test -r $dir/.git; and not test -L $dir/.git
            set -a worktrees $dir
        end
        test $dir != /; or break
        string match -rq '(?s)\A(?<dir>.*)/[^/]*\z' -- $dir
        test -n "$dir"; or set dir /
    end
    return 1
end

# Takes a directory with a .git file; sets repository to where the repository of that worktree lies, else returns 1.
function __codex_auth_find_repository --no-scope-shadowing
    set -l line
    set -l gitdir
    set -l back
    read -L line <$argv[1]/.git
    string match -rq '\Agitdir: (?<gitdir>/?.+)\z' -- "$line"; or return 1
    string match -q '/*' -- $gitdir; or set gitdir $argv[1]/$gitdir
    builtin path resolve --null-out -- $gitdir | read -z gitdir
    # Of a bare repository it is the directory itself, else the one above .git.
    string match -rq '(?s)\A(?<repository>/.*?)(?:/\.git)?/worktrees/[^/]+\z' -- $gitdir; or return 1
    # The repository has to name the worktree too: else any .git file of a stranger could pick an account.
    test -f $gitdir/gitdir; and test -r $gitdir/gitdir; or return 1
    read -L line <$gitdir/gitdir
    string match -rq '\A(?<back>.*)/\.git\z' -- "$line"; or return 1
    string match -q '/*' -- $back; or set back $gitdir/$back
    test $back -ef $argv[1]
end

# Takes a text; returns whether it is a home id.
function __codex_auth_is_id
    string match -rq '\A[0-9a-f]{16}\z' -- $argv[1]
end

# Takes the name of an env file; sets lines to its lines, home to its CODEX_HOME, witness to that of its login. Returns 1 when there is none, or nothing in it;
# 2, and sets why, when it is not whole. The file is data: never sourced.
function __codex_auth_read --no-scope-shadowing
    set -l file $__codex_auth_ours/env/$argv[1]
    set -l text
    set lines
    set home
    set witness
    test -e $file; or return 1
    if not test -f $file; or not test -r $file
        set why "$file cannot be read"
        return 2
    end
    test -s $file; or return 1
    read -z text <$file
    set why "$file is damaged"
    string match -rq $__codex_auth_whole -- "$text"; or return 2
    if test $argv[1] = @default
        not string match -rq '(?m)^-?CODEX_(?:SQLITE_)?HOME\b' -- "$text"; or return 2
    else
        string match -rq '(?m)^CODEX_HOME=(?<home>/.*)$' -- "$text"; or return 2
        string match -rq '(?m)^CODEX_AUTH_ACCOUNT=.' -- "$text"; or return 2
    end
    set why
    string match -rq '(?m)^CODEX_AUTH_CREDENTIAL=(?<witness>.+)$' -- "$text"; or set witness
    set lines (string split -n \n -- $text)
end

# Leaves what is in force and puts id in force.
function __codex_auth_apply --no-scope-shadowing
    set -l was "$_CODEX_AUTH_APPLIED"
    set -l applied
    set -l lines
    set -l home
    set -l witness
    set -l touched
    __codex_auth_restore
    set -g __codex_auth_applied
    set -g __codex_auth_label
    set -g __codex_auth_home

    set lines
    if test -n "$id"; and test -z "$why"; and __codex_auth_read $id
        set applied $id
        set -g __codex_auth_home $home
        set -g __codex_auth_home_witness $witness
        if test -n "$__codex_auth_closed"
            set applied
            set why "$home/auth.json is not the login that codex-auth knows, try: codex-auth sync"
        end
    end
    if test -z "$applied"; and test $source != default
        # A pin or use fails closed: a home that never exists keeps Codex from starting as somebody else.
        set applied $id.missing
        set lines CODEX_HOME=$__codex_auth_ours/homes/$applied -$__codex_auth_strays "CODEX_AUTH_LABEL=missing account"
    end

    if test -n "$applied"
        set -gx _CODEX_AUTH_APPLIED $applied
        # While the account stays the same, what the user has changed is his.
        if test -n "$first"; or test $applied != "$was"
            set touched
        end
        set -l sign
        set -l name
        set -l value
        for line in $lines
            # The path of the base home may hold a line feed.
            string match -rq '(?s)\A(?<sign>-?)(?<name>\w+)=?(?<value>.*)\z' -- $line
            if test $name = CODEX_AUTH_CREDENTIAL
                continue # no variable: it names the login that this is told of
            else if builtin contains -- $name $__codex_auth_managed
                __codex_auth_take $name "$sign" "$value"
            else if test -n "$value"
                set -gx $name $value
            end
        end
        set -gx CODEX_AUTH_SOURCE $source
        set -g __codex_auth_label $CODEX_AUTH_LABEL
    end
    set -g __codex_auth_applied "$id $source $token"

    # Once, and again when something has changed and it is still so.
    if test -n "$why"; and not builtin contains -- "$token $why" $__codex_auth_reasons
        set -ga __codex_auth_reasons "$token $why"
        __codex_auth_say $why
    end
    if test "$announce" = announce; and test -z "$first"; and test "$applied" != "$was"; and test -t 2
        if test -n "$__codex_auth_label"
            __codex_auth_say "now $__codex_auth_label"
        else
            __codex_auth_say "no account"
        end
    end
end

# Takes a name, "-" to unset it, its value: keeps what the user had, and sets it where he has not changed it.
function __codex_auth_take --no-scope-shadowing
    set -l name $argv[1]
    set -l want "+$argv[3]"
    set -l old -
    test -n "$argv[2]"; and not set -q $name; and return
    test $applied = @default; and test -n "$$name"; and return
    if set -qg $name; and not set -qgx $name
        # What is only a variable of this shell comes back as one: it was not in the environment.
        set -g __codex_auth_plain_$name $$name
    else if set -qx $name
        set old "+$$name"
    end
    # Erasing would not hide an exported universal variable: an empty one does.
    test -z "$argv[2]"; or set -qUx $name; or set want -
    set -gu _CODEX_AUTH_OLD_$name $old
    set -gu _CODEX_AUTH_SET_$name $want
    if test "$old" != "$want"; and not builtin contains -- $name $__codex_auth_secrets
        set -gx _CODEX_AUTH_OLD_$name $old
        set -gx _CODEX_AUTH_SET_$name $want
    end
    if builtin contains -- $name $touched
        return
    else if test "$want" = -
        set -e -g $name
    else
        set -gx $name "$argv[3]"
    end
end

# Gives back what the user had, except where he has changed it meanwhile: those names go to touched.
function __codex_auth_restore --no-scope-shadowing
    # A secret is not saved in the environment: in a new shell the key that the account sets is known by its value.
    if not set -q __codex_auth_entered
        set -g __codex_auth_entered
        set -l why
        if string match -q 'own:*' -- $token; and test -n "$OPENAI_API_KEY"
            if test "$was" = @default; or __codex_auth_is_id "$was"
                if __codex_auth_read $was; and builtin contains -- "OPENAI_API_KEY=$OPENAI_API_KEY" $lines
                    set -gu _CODEX_AUTH_OLD_OPENAI_API_KEY -
                    set -gu _CODEX_AUTH_SET_OPENAI_API_KEY "+$OPENAI_API_KEY"
                end
            end
        end
    end
    for name in $__codex_auth_managed
        set -q _CODEX_AUTH_SET_$name; or continue
        set -l old _CODEX_AUTH_OLD_$name
        set -l saved _CODEX_AUTH_SET_$name
        set -l plain __codex_auth_plain_$name
        set -l now -
        set -qx $name; and set now "+$$name"
        if test "$now" != "$$saved"
            set -a touched $name
        else if set -q $plain
            set -gu $name $$plain
        else
            set -e -g $name
            # Once ours is gone, a universal one may have come to light again.
            set -l value
            if string match -rq '(?s)\A\+(?<value>.*)\z' -- "$$old"
                set -qx $name; and test "$$name" = "$value"; or set -gx $name "$value"
            end
        end
        set -e -g $old $saved $plain
    end
    set -e -g _CODEX_AUTH_APPLIED CODEX_AUTH_SOURCE $__codex_auth_told
end

# The label gets a mark where Codex would use something else than it says.
function __codex_auth_mark
    set -l shown $__codex_auth_label
    if test -n "$shown"; or set -q __codex_auth_stale[1]
        set -l mark
        switch "$_CODEX_AUTH_APPLIED"
            case '*.missing'
            case '' @default
                set -q __codex_auth_stale[1]; and set mark ' !'
                set -l home $HOME/.codex
                set -qx CODEX_HOME; and test -n "$CODEX_HOME"; and set home "$CODEX_HOME"
                test "$home" = $__codex_auth_base; or test "$home" -ef $__codex_auth_base; or set mark ' !'
            case '*'
                set -qx CODEX_HOME; and test "$CODEX_HOME" = "$__codex_auth_home"; or set mark ' !'
        end
        # Quoted: without an argument string would read what the caller redirects to codex-auth.
        set -l strays $$__codex_auth_strays
        if string match -rq '[^ ]' -- "$strays"; and not string match -q '*.missing' -- "$_CODEX_AUTH_APPLIED"
            for name in $__codex_auth_strays
                set -qx $name; and test -n "$$name"; and set mark ' !'
            end
        end
        set shown (string trim --left -- "$shown$mark") # somebody, where the label is empty
    end
    if test -z "$shown"
        set -e -g CODEX_AUTH_LABEL
    else if test "$CODEX_AUTH_LABEL" != "$shown"
        set -gx CODEX_AUTH_LABEL $shown
    end
    if test "$shown" != "$__codex_auth_shown"
        set -g __codex_auth_shown $shown
        set -g __codex_auth_segment
        if test -n "$shown"
            string match -rq '[\x00-\x1f\x7f-\x9f]' -- $shown; and set shown (__codex_auth_printable $shown)
            set -g __codex_auth_segment "$__codex_auth_dim$shown$__codex_auth_normal "
        end
    end
end

# Takes a text; prints it without what a terminal would obey.
function __codex_auth_printable
    string replace -ar '[\x00-\x1f\x7f-\x9f]' '?' -- $argv[1]
end

# Takes a message and shows it. stdout is never ours: a command substitution is no shell of its own here.
function __codex_auth_say
    builtin printf 'codex-auth: %s\n' (__codex_auth_printable $argv[1]) >&2
end

# Puts the label before the prompt of the user: once, and again when he, or a prompt tool further down in config.fish, has defined
# another one.
function __codex_auth_wrap
    set -l details
    builtin functions --details --verbose fish_prompt | read -L details details details details details
    # A wrapped prompt may be inside another one, which some tool has put around it: the outermost shows the label.
    set -g __codex_auth_inside
    set -l description 'codex-auth: label and prompt'
    test "$details" != $description; or return
    set -q __codex_auth_prompts; or set -g __codex_auth_prompts 0
    set -g __codex_auth_prompts (builtin math $__codex_auth_prompts + 1)
    set -l prompt __codex_auth_prompt_$__codex_auth_prompts
    builtin functions --copy fish_prompt $prompt; or return
    function fish_prompt --description $description --inherit-variable prompt
        # Up to the user's prompt nothing may change $status and $pipestatus: set leaves them alone.
        set -ga __codex_auth_inside $prompt
        set -l lines ($prompt $argv)
        set -e __codex_auth_inside[-1]
        if not set -q __codex_auth_inside[1]
            # Another tool's hook, as direnv's, may have changed the environment behind ours.
            set -l fish_trace
            set -q __codex_auth_check[1]; and test "x$CODEX_AUTH_USE $PWD $CODEX_HOME $HOME $CODEX_AUTH_LABEL $CODEX_API_KEY$CODEX_ACCESS_TOKEN$CODEX_AUTHAPI_BASE_URL$OPENAI_FEDERATION_RULE_ID$OPENAI_IDENTITY_TOKEN_FILE$OPENAI_ORGANIZATION$OPENAI_PROJECT" = "$__codex_auth_around"
            or __codex_auth_mark
            builtin printf %s $__codex_auth_segment
        end
        set -q lines[1]; and string join -- \n $lines
    end
end

# The rare process: takes over what Codex or another tool has written.
function __codex_auth_sync
    CODEX_AUTH_BASE=$__codex_auth_base command $__codex_auth_program sync --quiet </dev/null >/dev/null
end

# The program, which cannot change its parent: `use` answers with a home id, or with - for none.
function codex-auth --description 'the OpenAI accounts of the Codex CLI'
    set -l fish_trace
    set -lx CODEX_AUTH_BASE $__codex_auth_base
    set -lx CODEX_AUTH_SNIPPET fish
    set -l failed
    if test "$argv[1]" = use
        # A pipe, since a command substitution would take stdin and stderr from the shell, not from who calls this function.
        set -l answer
        set -l chosen
        command $__codex_auth_program $argv | read -z answer
        set failed $pipestatus[1]
        if test $failed = 0; and string match -rq '\A(?<chosen>[0-9a-f]{16}|-)\n\z' -- "$answer"
            set -gx CODEX_AUTH_USE $chosen
            test $chosen != -; or set -e -g CODEX_AUTH_USE
        else
            builtin printf %s "$answer"
        end
    else
        command $__codex_auth_program $argv
        set failed $status
    end
    # a command of ours may have changed anything
    set -g __codex_auth_tried
    set -g __codex_auth_check
    __codex_auth_hook command
    return $failed
end

__codex_auth_hook init
# Where no prompt follows, this was the first run.
if test $__codex_auth_hook = 0; or not status is-interactive
    set -g __codex_auth_fresh
end
