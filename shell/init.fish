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
# The same as it is as a rule: these lines, in this order.
set -l away '(?:'(string join '\n' -- -$__codex_auth_strays)'\nCODEX_HOME=(?<home>/.*)\n(?:CODEX_SQLITE_HOME=(?<sqlite>.+)\n)?)?'
set -g __codex_auth_usual "\A$away(?:OPENAI_API_KEY=(?<key>.+)\n)?CODEX_AUTH_ACCOUNT=(?<account>.+)\nCODEX_AUTH_EMAIL=(?<email>.+)\n" \
    'CODEX_AUTH_PLAN=(?<plan>.+)\nCODEX_AUTH_CREDENTIAL=(?<witness>.+)\nCODEX_AUTH_LABEL=(?<label>.+)\n\z'
set -g __codex_auth_usual (string join '' -- $__codex_auth_usual)

# What all was found as when it was looked at last: the variables, without which all is looked at again, and one test over files; made of
# what there is to test about the registry and config.toml, the login of the base home, and that of the account home in force.
set -g __codex_auth_around
set -g __codex_auth_check -n ''
set -g __codex_auth_usual_check -a ! $__codex_auth_base/config.toml -nt $__codex_auth_ours/live/config \
    -a -e $__codex_auth_ours/live/registry.json -a $__codex_auth_base/accounts/registry.json -ef $__codex_auth_ours/live/registry.json \
    -a ! $__codex_auth_base/accounts/registry.json -nt $__codex_auth_ours/live/registry.json.to
set -g __codex_auth_registry_check $__codex_auth_usual_check
set -g __codex_auth_base_check
set -g __codex_auth_home_check
set -g __codex_auth_newest # a file of the program's that is there while the token that was read last is the newest
set -g __codex_auth_token # that token
set -g __codex_auth_announce # changes of account are to be told
set -g __codex_auth_saved # the variables of the user that are taken over
set -g __codex_auth_given # what CODEX_HOME, CODEX_SQLITE_HOME and OPENAI_API_KEY were set to where none of them was there before
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
        if test $__codex_auth_check
            if not set -q argv[1]; and test $__codex_auth_prompt = 1; and status is-interactive
                __codex_auth_wrap
            end
            return
        end
    end
    set -g __codex_auth_around # should Ctrl-C come meanwhile, the next prompt does it all again
    set -l token
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
        if test -O "$__codex_auth_newest"
            set token $__codex_auth_token
        else
            __codex_auth_read_token
        end

        set -l seen "$token $CODEX_AUTH_USE $PWD"
        if test -n "$first" -o "$seen" != "$__codex_auth_seen"
            # Should Ctrl-C come now, the next prompt does it all again.
            test -n "$__codex_auth_seen"; or set first 1
            set -g __codex_auth_seen
            __codex_auth_resolve
            string match -q -- "$id $source *" "$__codex_auth_applied"; or set -g __codex_auth_closed
            if test -n "$first" -o "$token" != "$__codex_auth_witnessed"
                __codex_auth_read_witness
            end
            if test -n "$first" -o "$id $source $token" != "$__codex_auth_applied"
                __codex_auth_apply
            end
            set -g __codex_auth_seen $seen
            set first
        end

        # All at once first: it is rare that something is not as the program has seen it.
        if test -O "$__codex_auth_newest" -a -z "$__codex_auth_closed" $__codex_auth_registry_check $__codex_auth_base_check $__codex_auth_home_check
            set -g __codex_auth_stale
            set -g __codex_auth_tried
            break
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
        set -g __codex_auth_newest # the token may be new
    end

    # While another login lies in its home a pin or use fails closed; with that over it is itself again.
    if set -q __codex_auth_stale[1]; or test -n "$__codex_auth_closed"
        set -l closed
        builtin contains -- home $__codex_auth_stale; and set closed 1
        if test "$closed" != "$__codex_auth_closed"
            set -g __codex_auth_closed $closed
            __codex_auth_resolve
            __codex_auth_apply
        end
    end

    __codex_auth_mark
    # Where no prompt's event will come, now.
    if not set -q argv[1]; or test $__codex_auth_hook = 0
        test $__codex_auth_prompt = 1; and status is-interactive; and __codex_auth_wrap
    end
    __codex_auth_remember
end

# Reads the token, and whether changes are to be told.
function __codex_auth_read_token --no-scope-shadowing
    set -g __codex_auth_newest
    set -g __codex_auth_announce
    # su and sudo keep HOME: what another user owns is not believed.
    if test -O $__codex_auth_ours
        set token
        if test -f $__codex_auth_ours/generation; and test -r $__codex_auth_ours/generation
            read -L token __codex_auth_announce <$__codex_auth_ours/generation
        end
        string match -rq '\A[0-9a-f]+\z' -- "$token"; and set -g __codex_auth_newest $__codex_auth_ours/now/$token
        set token own:$token
        set -g __codex_auth_known 1
    else if test -e $__codex_auth_ours
        set token foreign
    else
        set token none
    end
    set -g __codex_auth_token $token
end

# Keeps what the next look compares with.
function __codex_auth_remember --no-scope-shadowing
    # what is marked, or stale, is looked at each time
    test -n "$__codex_auth_newest" -a -z "$__codex_auth_fresh$__codex_auth_stale" -a "$__codex_auth_shown" = "$__codex_auth_label"; or return
    set -g __codex_auth_check -O $__codex_auth_newest $__codex_auth_registry_check $__codex_auth_base_check $__codex_auth_home_check
    set -g __codex_auth_around "x$CODEX_AUTH_USE $PWD $CODEX_HOME $HOME $CODEX_AUTH_LABEL $CODEX_API_KEY$CODEX_ACCESS_TOKEN$CODEX_AUTHAPI_BASE_URL$OPENAI_FEDERATION_RULE_ID$OPENAI_IDENTITY_TOKEN_FILE$OPENAI_ORGANIZATION$OPENAI_PROJECT"
end

# Takes the path of a login and its witness, if it has one; sets check to what there is to test about them.
function __codex_auth_check_of --no-scope-shadowing
    if set -q argv[2]
        set check -a -e $argv[2] -a $argv[1] -ef $argv[2] -a ! $argv[1] -nt $argv[2].to -a ! $argv[1] -ot $argv[2].from
    else
        set check -a ! -e $argv[1]
    end
end

# Sets stale to what is not as the program has seen it: a name for each.
function __codex_auth_judge --no-scope-shadowing
    set -g __codex_auth_stale
    switch $token
        case 'own:*'
            __codex_auth_is_seen $__codex_auth_base/auth.json $__codex_auth_witness; or set -a __codex_auth_stale base
            set -l registry $__codex_auth_base/accounts/registry.json
            set -l witness $__codex_auth_ours/live/registry.json
            set -g __codex_auth_registry_check $__codex_auth_usual_check
            if not test -e $registry -o -e $witness
                set -g __codex_auth_registry_check -a ! -e $registry -a ! $__codex_auth_base/config.toml -nt $__codex_auth_ours/live/config
            else
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
    set -l check
    set -g __codex_auth_witness
    set -g __codex_auth_witnessed $token
    string match -q 'own:*' -- $token; or return
    if test -f $file; and test -r $file
        read -z text <$file
        string match -rq '(?m)^CODEX_AUTH_CREDENTIAL=(?<witness>.+)$' -- "$text"; and set -g __codex_auth_witness $witness
    end
    __codex_auth_check_of $__codex_auth_base/auth.json $__codex_auth_witness
    set -g __codex_auth_base_check $check
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
    set -l pins $__codex_auth_ours/pins
    set -l dir $argv[1]
    test "$dir" != /; or set dir ''
    while builtin true # left by return
        # At most directories nothing lies.
        while test -n "$dir" -a ! -f "$dir/.git" -a ! -e "$pins$dir/%account" -a ! -L "$pins$dir/%account" -a ! '(' -d "$pins$dir" -a ! -x "$pins$dir" ')'
            string match -rq '(?s)\A(?<dir>.*)/[^/]*\z' -- $dir
        end
        set -l mirror $pins$dir
        set -l pin $mirror/%account
        if test -e $pin -o -L $pin
            set source pin
            set id
            if test -f $pin -a -r $pin
                set -l text
                read -z text <$pin
                string match -rq '\A(?<id>[0-9a-f]{16})\n?\z' -- "$text"; or set why "$pin does not hold a home id"
            else
                set why "$pin cannot be read"
            end
            test -z "$why"; or set id 0000000000000000
            return 0
        else if test -d $mirror -a ! -x $mirror
            set source pin
            set id 0000000000000000
            set why "$mirror cannot be read"
            return 0
        end
        if test -f $dir/.git -a -r $dir/.git -a ! -L $dir/.git
            set -a worktrees "$dir"
        end
        test -n "$dir"; or return 1
        string match -rq '(?s)\A(?<dir>.*)/[^/]*\z' -- $dir
    end
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

# Takes the name of an env file; sets text to what is in it, and of that home, key and witness; and where it is as usual sqlite, account,
# email, plan and label, else lines to its lines. Returns 1 when there is none, or nothing in it; 2, and sets why, when it is not whole.
# The file is data: never sourced.
function __codex_auth_read --no-scope-shadowing
    set -l file $__codex_auth_ours/env/$argv[1]
    if not test -f $file -a -r $file -a -s $file
        test -e $file; or return 1
        test -f $file -a -r $file; and return 1
        set why "$file cannot be read"
        return 2
    end
    read -z text <$file
    if string match -rq $__codex_auth_usual -- "$text"; and test $argv[1] = @default -a -z "$home" -o $argv[1] != @default -a -n "$home"
        return 0
    end
    set label
    set why "$file is damaged"
    string match -rq $__codex_auth_whole -- "$text"; or return 2
    if test $argv[1] = @default
        not string match -rq '(?m)^-?CODEX_(?:SQLITE_)?HOME\b' -- "$text"; or return 2
        set home
    else
        string match -rq '(?m)^CODEX_HOME=(?<home>/.*)$' -- "$text"; or return 2
        string match -rq '(?m)^CODEX_AUTH_ACCOUNT=.' -- "$text"; or return 2
    end
    set why
    string match -rq '(?m)^CODEX_AUTH_CREDENTIAL=(?<witness>.+)$' -- "$text"; or set witness
    string match -rq '(?m)^OPENAI_API_KEY=(?<key>.+)$' -- "$text"; or set key
    set lines (string split -n \n -- $text)
end

# Leaves what is in force and puts id in force.
function __codex_auth_apply --no-scope-shadowing
    set -l was "$_CODEX_AUTH_APPLIED"
    set -l applied
    set -l lines
    set -l text
    set -l home
    set -l sqlite
    set -l key
    set -l account
    set -l email
    set -l plan
    set -l witness
    set -l label
    set -l touched
    __codex_auth_restore
    set -g __codex_auth_applied
    set -g __codex_auth_label
    set -g __codex_auth_home
    set -g __codex_auth_home_check

    set lines
    set label
    if test -n "$id" -a -z "$why"; and __codex_auth_read $id
        set applied $id
        if test -n "$home"
            set -l check
            set -g __codex_auth_home $home
            set -g __codex_auth_home_witness $witness
            __codex_auth_check_of $home/auth.json $witness
            set -g __codex_auth_home_check $check
        end
        if test -n "$__codex_auth_closed"
            set applied
            set label
            set why "$home/auth.json is not the login that codex-auth knows, try: codex-auth sync"
        end
    end
    if test -z "$applied"; and test $source != default
        # A pin or use fails closed: a home that never exists keeps Codex from starting as somebody else.
        set applied $id.missing
        set lines CODEX_HOME=$__codex_auth_ours/homes/$applied -$__codex_auth_strays "CODEX_AUTH_LABEL=missing account"
    end

    # While the account stays the same, what the user has changed is his.
    if test -n "$first" -o "$applied" != "$was"
        set touched
    end
    set -q $__codex_auth_managed
    if test $status = 10 -a -n "$label" -a -z "$touched"
        # As a rule the user has none of these variables, and the file is as usual.
        set -gx _CODEX_AUTH_APPLIED $applied
        set -gx CODEX_AUTH_SOURCE $source
        set -gx CODEX_AUTH_ACCOUNT $account
        set -gx CODEX_AUTH_EMAIL $email
        set -gx CODEX_AUTH_PLAN $plan
        set -gx CODEX_AUTH_LABEL $label
        set -g __codex_auth_label $label
        set -g __codex_auth_given "$home" "$sqlite" "$key"
        if test -n "$home"
            set -gx _CODEX_AUTH_OLD_CODEX_HOME -
            set -gx _CODEX_AUTH_SET_CODEX_HOME +$home
            set -gx CODEX_HOME $home
            set -g -a __codex_auth_saved CODEX_HOME
        end
        if test -n "$sqlite"
            set -gx _CODEX_AUTH_OLD_CODEX_SQLITE_HOME -
            set -gx _CODEX_AUTH_SET_CODEX_SQLITE_HOME +$sqlite
            set -gx CODEX_SQLITE_HOME $sqlite
            set -g -a __codex_auth_saved CODEX_SQLITE_HOME
        end
        if test -n "$key"
            set -gu _CODEX_AUTH_OLD_OPENAI_API_KEY -
            set -gu _CODEX_AUTH_SET_OPENAI_API_KEY +$key
            set -gx OPENAI_API_KEY $key
            set -g -a __codex_auth_saved OPENAI_API_KEY
        end
    else if test -n "$applied"
        set -gx _CODEX_AUTH_APPLIED $applied
        test -z "$label"; or set lines (string split -n \n -- $text)
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
    if test "$__codex_auth_announce" = announce; and test -z "$first"; and test "$applied" != "$was"; and test -t 2
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
    set -g -a __codex_auth_saved $name
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
                if __codex_auth_read $was; and test "$key" = "$OPENAI_API_KEY"
                    set -gu _CODEX_AUTH_OLD_OPENAI_API_KEY -
                    set -gu _CODEX_AUTH_SET_OPENAI_API_KEY "+$OPENAI_API_KEY"
                end
            end
        end
    end
    # As a rule it is all as it was set, and was not there before.
    if set -q __codex_auth_given[3]; and test -z "$first" -a "$CODEX_HOME" = "$__codex_auth_given[1]" -a "$CODEX_SQLITE_HOME" = "$__codex_auth_given[2]" -a "$OPENAI_API_KEY" = "$__codex_auth_given[3]"; and set -qgx $__codex_auth_saved
        set -e -g $__codex_auth_saved _CODEX_AUTH_OLD_$__codex_auth_saved _CODEX_AUTH_SET_$__codex_auth_saved _CODEX_AUTH_APPLIED CODEX_AUTH_SOURCE $__codex_auth_told
        set -g __codex_auth_saved
        set -g __codex_auth_given
        return
    end
    set -l names $__codex_auth_saved
    test -z "$first"; or set names $__codex_auth_managed # what was saved may be an outer shell's
    set -g __codex_auth_saved
    set -g __codex_auth_given
    for name in $names
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
    set -l strays $$__codex_auth_strays
    if test -n "$shown" -a -z "$__codex_auth_stale$strays" -a "$CODEX_HOME" = "$__codex_auth_home"; and set -qx CODEX_HOME
        # as it is to be, in an account home
    else if test -n "$shown" -a -z "$__codex_auth_stale$strays$__codex_auth_home$CODEX_HOME" -a "$HOME/.codex" = "$__codex_auth_base"
        # and with the default account
    else if test -n "$shown"; or set -q __codex_auth_stale[1]
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
            test "x$CODEX_AUTH_USE $PWD $CODEX_HOME $HOME $CODEX_AUTH_LABEL $CODEX_API_KEY$CODEX_ACCESS_TOKEN$CODEX_AUTHAPI_BASE_URL$OPENAI_FEDERATION_RULE_ID$OPENAI_IDENTITY_TOKEN_FILE$OPENAI_ORGANIZATION$OPENAI_PROJECT" = "$__codex_auth_around"
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
    set -g __codex_auth_around
    set -g __codex_auth_newest
    __codex_auth_hook command
    return $failed
end

__codex_auth_hook init
# Where no prompt follows, this was the first run.
if test $__codex_auth_hook = 0; or not status is-interactive
    set -g __codex_auth_fresh
end
