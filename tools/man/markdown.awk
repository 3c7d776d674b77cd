# docs/project-files.md -> portrait(5). Knows what that page uses: headings, paragraphs, fences, tables, bullets, `code`,
# **bold**, [text](address).
function escape(s) { gsub(/\\/, "\\e", s); gsub(/-/, "\\-", s); gsub(/\^/, "\\(ha", s); gsub(/~/, "\\(ti", s); return s }
# A paragraph begins with the first thing said in it, if anything is, and a section has one anyway.
function flush() { if (paragraph && !section) print ".PP"; paragraph = section = 0 }
function line(s) { flush(); if (s ~ /^[.']/) s = "\\&" s; print s }
function words(s,    out, at) {
    s = escape(s)
    while (match(s, /\[[^]]*\]\([^)]*\)/)) {
        at = substr(s, RSTART + 1, RLENGTH - 1)
        sub(/\]\(.*/, "", at)
        s = substr(s, 1, RSTART - 1) at substr(s, RSTART + RLENGTH)
    }
    while (match(s, /`[^`]*`/))
        s = substr(s, 1, RSTART - 1) "\\fB" substr(s, RSTART + 1, RLENGTH - 2) "\\fR" substr(s, RSTART + RLENGTH)
    while (match(s, /\*\*[^*]*\*\*/))
        s = substr(s, 1, RSTART - 1) "\\fB" substr(s, RSTART + 2, RLENGTH - 4) "\\fR" substr(s, RSTART + RLENGTH)
    return s
}
BEGIN {
    print ".TH PORTRAIT 5 \"\" \"portrait " version "\" \"portrait manual\"\n.ad l\n.nh"
    print ".SH NAME\nportrait \\- the files of a project\n.SH DESCRIPTION"
    section = 1
}
/^```/ { fence = !fence; if (fence) { paragraph = 1; flush() } print fence ? ".RS 4\n.nf" : ".fi\n.RE"; paragraph = !fence; next }
fence { line(escape($0) == "" ? "" : escape($0)); next }
/^# / { next }
/^## / { section = 1; print ".SH \"" toupper(escape(substr($0, 4))) "\""; next }
/^###/ { section = 1; sub(/^#+ /, ""); print ".SS \"" escape($0) "\""; next }
/^\|[-| :]*\|$/ { row = 1; next }
/^\|/ && !row { next }
!/^\|/ { row = 0 }
/^\|/ {
    gsub(/\\\|/, "\001")
    n = split($0, cell, /\|/)
    for (i = 2; i < n; i++) { gsub(/^ +| +$/, "", cell[i]); gsub(/\001/, "|", cell[i]) }
    paragraph = section = 0
    print ".TP"
    line(words(cell[2]))
    text = ""
    for (i = 3; i < n; i++) text = text (text == "" || cell[i] == "" ? "" : ". ") cell[i]
    line(words(text == "" ? "\\&" : text))
    next
}
/^[-*] / { paragraph = section = 0; print ".IP \\(bu 2"; line(words(substr($0, 3))); next }
/^$/ { paragraph = 1; next }
{ sub(/^ +/, ""); line(words($0)) }
END { print ".SH SEE ALSO\n.BR portrait (1),\n.BR libportrait (3)" }
