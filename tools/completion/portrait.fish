# fish completion for portrait: the program itself says what may stand next (src/cli/complete.c).
function __portrait_complete
    set -l words (commandline -opc)
    for line in ($words[1] --complete $words[2..-1] (commandline -ct) 2>/dev/null)
        switch $line
            case ':dir'
                __fish_complete_directories (commandline -ct)
            case ':file'
                __fish_complete_path (commandline -ct)
            case '*'
                echo $line
        end
    end
end
complete -c portrait -f -a '(__portrait_complete)'
