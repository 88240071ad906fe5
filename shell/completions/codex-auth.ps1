# codex-auth completions for PowerShell, with the names of the accounts.
#
#   codex-auth completion pwsh | Out-String | Invoke-Expression
$global:__codex_auth_completion_program = @('codex-auth')  # init: program
$global:__codex_auth_completion_base = "$HOME/.codex"  # init: base

# Returns what the program knows, accounts or pins, each as a word and what it is.
function global:__codex_auth_candidates([string] $kind) {
    $base = $env:CODEX_AUTH_BASE
    $code = $global:LASTEXITCODE
    try {
        $env:CODEX_AUTH_BASE = $global:__codex_auth_completion_base
        $program, $words = $global:__codex_auth_completion_program
        foreach ($line in ($null | & $program @words candidates $kind 2>$null)) {
            $word, $about = $line.Split("`t", 2)
            @{ Word = $word; About = $about }
        }
    } catch {
        # without the program there are no names
    } finally {
        $env:CODEX_AUTH_BASE = $base
        $global:LASTEXITCODE = $code
    }
}

# Returns what may stand behind these words: hashtables of a word and what it is.
function global:__codex_auth_offers([string[]] $words) {
    function offer([string[]] $offered, [string] $about) {
        foreach ($word in $offered) { @{ Word = $word; About = $about } }
    }
    $command, $rest = $words
    $before = if ($words) { $words[-1] }
    $place = @(foreach ($word in $rest) { if ($word -notlike '-?*') { $word } }).Count

    switch ($before) {
        '--account' { return __codex_auth_candidates accounts }
        '--shell' { return offer @('sh', 'zsh', 'bash', 'fish', 'pwsh') 'shell' }
        '--alias' { return }
    }
    offer '--help' 'show the help'
    if ($command -cin 'list', 'current', 'switch', 'remove', 'pins', 'env', 'doctor', 'import', 'export') { offer '--json' 'print a JSON document' }
    switch -CaseSensitive ($command) {
        list {
            offer '--active' 'refresh the active account only'
            offer '--live' 'full screen, redrawn'
            offer '--skip-api' 'ask nobody'
        }
        login {
            offer '--device-auth' 'log in with a code on another device'
            offer '--with-api-key' 'add an API key'
            offer '--alias' 'name the account'
            offer '--pin' 'pin this directory to the account'
        }
        import {
            offer '--alias' 'name the account'
            offer '--cpa' 'read tokens of CLIProxyAPI'
            offer '--purge' 'rebuild the registry'
        }
        export { offer '--cpa' 'as tokens of CLIProxyAPI' }
        remove {
            offer '--all' 'remove every account, with its pins'
            offer '--unpin' 'take the pins away too'
            offer @('--yes', '-y') 'do not ask'
            __codex_auth_candidates accounts
        }
        init {
            offer '--prompt' 'show the account in the prompt'
            offer '--no-prompt' 'leave the prompt alone'
            offer '--hook' 'follow the location and every prompt'
            offer '--no-hook' 'nothing runs by itself'
        }
        pins { offer '--prune' 'take away the pins of directories that are gone' }
        env { offer '--shell' 'whose commands to print' }
        exec { offer '--account' 'the account' }
        sync { offer '--quiet' 'say only what somebody should know' }
    }
    switch -CaseSensitive ("$command $place") {
        { $_ -cin 'pin 0', 'use 0', 'switch 0', 'env 0', 'alias 1' } { __codex_auth_candidates accounts }
        { $_ -cin 'use 0', 'switch 0' } { offer '-' 'back to the one before' }
        'unpin 0' { __codex_auth_candidates pins }
        'alias 0' { offer @('set', 'clear') 'name an account, take its name away' }
        { $_ -cin 'init 0', 'completion 0' } { offer @('zsh', 'bash', 'fish', 'pwsh') 'shell' }
        'config 0' { offer @('share', 'export_api_key', 'announce', 'interval') 'setting' }
        'config 1' {
            if ($before -ceq 'share') { offer @('all', 'none') 'value' }
            elseif ($before -cin 'export_api_key', 'announce') { offer @('true', 'false') 'value' }
        }
        { $_ -cin ' 0', 'help 0' } {
            offer 'list' 'accounts, their plans and what is left of their limits'
            offer 'current' 'which account is active here, and why'
            offer 'pin' 'use an account in this directory and below'
            offer 'unpin' 'take the pin of this directory away'
            offer 'use' 'use an account in this shell and what it starts'
            offer 'switch' 'change the default account'
            offer 'exec' 'run a command as the account of this directory'
            offer 'login' 'log in and add the account, or add an API key'
            offer 'import' 'add accounts from files, folders or CLIProxyAPI'
            offer 'export' 'write the credentials out'
            offer 'alias' 'name an account'
            offer 'remove' 'remove accounts with their credentials and homes'
            offer 'init' 'print the snippet for zsh, bash, fish or pwsh'
            offer 'completion' 'print the completions for a shell'
            offer 'pins' 'every pinned directory and its account'
            offer 'env' "print an account's variables, for direnv, CI and scripts"
            offer 'config' 'show and change settings'
            offer 'doctor' 'check Codex, homes, links, permissions and shells'
            offer 'sync' 'take up what Codex or another program has written'
            offer 'clean' 'drop stale files'
            offer 'eject' 'put a plain auth.json back and take all of ours away'
        }
        ' 0' {
            offer 'help' 'show the help of a command'
            offer '--version' 'show the version'
        }
    }
}

Register-ArgumentCompleter -Native -CommandName codex-auth -ScriptBlock {
    param($typed, $ast, $cursor)
    # what stands whole before the cursor, without the name of the program and the word that is being typed
    $words = @(foreach ($element in $ast.CommandElements) {
            if ($element.Extent.EndOffset -ge $cursor -or $element -eq $ast.CommandElements[0]) { continue }
            if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $element.Value } else { $element.Extent.Text }
        })
    $plain = "$typed".TrimStart("'", '"')
    foreach ($one in __codex_auth_offers $words) {
        if (-not $one.Word.StartsWith($plain, [StringComparison]::OrdinalIgnoreCase)) { continue }
        # flags only where one is being typed
        if ($one.Word -like '-?*' -and -not $plain.StartsWith('-')) { continue }
        $word = $one.Word
        if ($word -cnotmatch '^[\w./:+-][\w./:@+-]*$') {
            $word = "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($word) + "'"
        }
        $about = if ($one.About) { $one.About } else { $one.Word }
        [System.Management.Automation.CompletionResult]::new($word, $one.Word, 'ParameterValue', $about)
    }
}
