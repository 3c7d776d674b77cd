# portrait.h -> libportrait(3): comments become paragraphs, declarations stand as they are, "--- x ---" begins a section.
function escape(s) { gsub(/\\/, "\\e", s); gsub(/-/, "\\-", s); gsub(/\^/, "\\(ha", s); gsub(/~/, "\\(ti", s); return s }
# A paragraph begins with the first thing said in it, if anything is, and a section has one anyway.
function flush() { if (paragraph && !section) print ".PP"; paragraph = section = 0 }
function line(s) { flush(); if (s ~ /^[.']/) s = "\\&" s; print s }
function end_code() { if (code) print ".fi"; code = 0 }
function begin_code() { if (!code) { paragraph = 1; flush(); print ".nf" } code = 1 }
BEGIN {
    print ".TH LIBPORTRAIT 3 \"\" \"portrait " version "\" \"portrait manual\"\n.ad l\n.nh"
    print ".SH NAME\nlibportrait \\- customer profiles from raw data, as a library\n.SH SYNOPSIS"
    print ".nf\n#include <portrait.h>\n.sp\ncc program.c $(pkg\\-config \\-\\-cflags \\-\\-libs portrait)\n.fi\n.SH DESCRIPTION"
    section = 1
}
/^#|^extern "C"|^}$/ && !comment { next }
/^\/\* ---/ {
    end_code()
    sub(/^\/\* -+ /, ""); sub(/ -+ \*\/$/, "")
    print ".SH " toupper($0)
    section = 1
    next
}
/^\/\*/ {
    end_code()
    comment = 1
    paragraph = 1
    sub(/^\/\* ?/, "")
    if ($0 ~ /^libportrait:/) { skip = 1 }
}
comment {
    last = sub(/ *\*\/$/, "")
    sub(/^ \* ?/, "")
    if ($0 == "") { skip = 0; paragraph = 1 }
    else if (!skip && $0 ~ /^  /) { flush(); print ".nf"; line(escape($0)); print ".fi" }
    else if (!skip) line(escape($0))
    if (last) { comment = 0; skip = 0 }
    next
}
/^$/ { if (code) print ""; next }
{
    sub(/^PORTRAIT_API /, "")
    begin_code()
    line(escape($0))
}
END { end_code(); print ".SH SEE ALSO\n.BR portrait (1),\n.BR portrait (5)" }
