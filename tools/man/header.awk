# portrait.h -> libportrait(3): comments become paragraphs, declarations stand as they are, "--- x ---" begins a section.
function escape(s) { gsub(/\\/, "\\e", s); gsub(/-/, "\\-", s); gsub(/\^/, "\\(ha", s); gsub(/~/, "\\(ti", s); return s }
function line(s) { if (s ~ /^[.']/) s = "\\&" s; print s }
function end_code() { if (code) print ".fi"; code = 0 }
function begin_code() { if (!code) print ".PP\n.nf"; code = 1 }
BEGIN {
    print ".TH LIBPORTRAIT 3 \"\" \"portrait " version "\" \"portrait manual\"\n.ad l\n.nh"
    print ".SH NAME\nlibportrait \\- customer profiles from raw data, as a library\n.SH SYNOPSIS"
    print ".nf\n#include <portrait.h>\n.sp\ncc program.c $(pkg\\-config \\-\\-cflags \\-\\-libs portrait)\n.fi\n.SH DESCRIPTION"
}
/^#|^extern "C"|^}$/ && !comment { next }
/^\/\* ---/ {
    end_code()
    sub(/^\/\* -+ /, ""); sub(/ -+ \*\/$/, "")
    print ".SH " toupper($0)
    next
}
/^\/\*/ {
    end_code()
    comment = 1
    print ".PP"
    sub(/^\/\* ?/, "")
    if ($0 ~ /^libportrait:/) { skip = 1 }
}
comment {
    last = sub(/ *\*\/$/, "")
    sub(/^ \* ?/, "")
    if ($0 == "") { skip = 0; print ".PP" }
    else if (!skip && $0 ~ /^  /) { print ".nf"; line(escape($0)); print ".fi" }
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
