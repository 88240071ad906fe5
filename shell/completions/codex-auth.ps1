# codex-auth completions for PowerShell: the program says what to offer.
#
#   if ($function:__codex_auth_completion = (codex-auth completion pwsh) -join "`n") { . __codex_auth_completion }
$global:__codex_auth_completion_program = @('codex-auth')  # init: program
$global:__codex_auth_completion_base = "$HOME/.codex"  # init: base

# Returns the lines of the program: a word, a tab, what it is.
function global:__codex_auth_offers([string[]] $words) {
    $base = $env:CODEX_AUTH_BASE
    $code = $global:LASTEXITCODE
    try {
        $env:CODEX_AUTH_BASE = $global:__codex_auth_completion_base
        $program, $start = $global:__codex_auth_completion_program
        $null | & $program @start complete -- @words 2>$null
    } catch {
        # without the program there is nothing to offer
    } finally {
        $env:CODEX_AUTH_BASE = $base
        $global:LASTEXITCODE = $code
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
    foreach ($line in __codex_auth_offers ($words + $plain)) {
        $word, $about = $line.Split("`t", 2)
        if ($about -ceq "command $($words.Count + 1)") {
            [System.Management.Automation.CompletionCompleters]::CompleteCommand($plain)
            continue
        }
        if ($word -eq '') {
            # files, directories and the words of a command: PowerShell itself completes paths
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($plain) |
                Where-Object { $about -cne 'directories' -or $_.ResultType -eq 'ProviderContainer' }
            continue
        }
        if (-not $word.StartsWith($plain, [StringComparison]::OrdinalIgnoreCase)) { continue }
        $text = $word
        if ($text -cnotmatch '^[\w./:+=-][\w./:@+=-]*$') {
            $text = "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($word) + "'"
        }
        [System.Management.Automation.CompletionResult]::new($text, $word, 'ParameterValue', $(if ($about) { $about } else { $word }))
    }
}
