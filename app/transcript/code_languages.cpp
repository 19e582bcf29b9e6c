#include "app/transcript/code_languages.h"

#include <QHash>
#include <QStringList>

#include <algorithm>
#include <array>

namespace lares::app {
namespace {

using Form = CodeLanguage::Form;

/// A row of the table. Lists are separated by spaces; a null one is empty.
struct LanguageRow {
    const char* names;
    Form form;
    unsigned traits;
    const char* lineComments;
    const char* blockComment;  ///< how it begins and ends
    const char* quotes;
    const char* longQuotes;
    const char* keywords;
};

constexpr unsigned kCurly = CodeLanguage::Calls | CodeLanguage::CharQuotes;

constexpr LanguageRow kRows[] = {
    {"c h cpp c++ cc cxx hpp hxx cuda cu objective-c objc arduino ino", Form::Words,
     kCurly | CodeLanguage::Directives, "//", "/* */", "\"'", nullptr,
     "alignas alignof asm auto bool break case catch char char16_t char32_t char8_t class co_await "
     "co_return co_yield concept const const_cast consteval constexpr constinit continue decltype "
     "default delete do double dynamic_cast else enum explicit export extern false final float for "
     "friend goto if inline int long mutable namespace new noexcept nullptr NULL operator override "
     "private protected public register reinterpret_cast requires return short signed sizeof "
     "static static_assert static_cast struct switch template this thread_local throw true try "
     "typedef typeid typename union unsigned using virtual void volatile wchar_t while "
     "__global__ __device__ __host__ __shared__ size_t int8_t int16_t int32_t int64_t uint8_t "
     "uint16_t uint32_t uint64_t"},
    {"cs csharp c#", Form::Words, kCurly | CodeLanguage::Directives, "//", "/* */", "\"'", "\"\"\"",
     "abstract as async await base bool break byte case catch char checked class const continue "
     "decimal default delegate do double else enum event explicit extern false finally fixed float "
     "for foreach get goto if implicit in init int interface internal is lock long namespace new "
     "null object operator out override params private protected public readonly record ref return "
     "sbyte sealed set short sizeof static string struct switch this throw true try typeof uint "
     "ulong unchecked unsafe ushort using var virtual void volatile when where while with yield"},
    {"java", Form::Words, kCurly | CodeLanguage::Annotations, "//", "/* */", "\"'", "\"\"\"",
     "abstract assert boolean break byte case catch char class const continue default do double "
     "else enum extends false final finally float for goto if implements import instanceof int "
     "interface long native new null package permits private protected public record return sealed "
     "short static strictfp super switch synchronized this throw throws transient true try var "
     "void volatile while yield"},
    {"kotlin kt kts", Form::Words, kCurly | CodeLanguage::Annotations | CodeLanguage::Nested, "//",
     "/* */", "\"'", "\"\"\"",
     "abstract as break by catch class companion const constructor continue crossinline data do "
     "else enum external false final finally for fun get if import in infix init inline inner "
     "interface internal is lateinit null object open operator out override package private "
     "protected public reified return sealed set super suspend tailrec this throw true try "
     "typealias val var vararg when where while"},
    {"scala", Form::Words, kCurly | CodeLanguage::Annotations | CodeLanguage::Nested, "//", "/* */",
     "\"'", "\"\"\"",
     "abstract case catch class def do else enum export extends extension false final finally for "
     "given if implicit import lazy match new null object override package private protected "
     "return sealed super then this throw trait true try type using val var while with yield"},
    {"swift", Form::Words, kCurly | CodeLanguage::Annotations | CodeLanguage::Nested, "//", "/* */",
     "\"", "\"\"\"",
     "as associatedtype async await break case catch class continue default defer deinit do else "
     "enum extension fallthrough false fileprivate final for func get guard if import in indirect "
     "init inout internal is lazy let mutating nil nonmutating open operator override private "
     "protocol public repeat required rethrows return self Self set some static struct subscript "
     "super switch throw throws true try typealias unowned var weak where while"},
    {"go golang", Form::Words, kCurly, "//", "/* */", "\"'", "`",
     "any append bool break byte cap case chan close complex64 complex128 const continue copy "
     "default defer delete else error fallthrough false float32 float64 for func go goto if import "
     "int int8 int16 int32 int64 interface iota len make map new nil package panic range recover "
     "return rune select string struct switch true type uint uint8 uint16 uint32 uint64 uintptr "
     "var"},
    {"rs rust", Form::Words, kCurly | CodeLanguage::Nested, "//", "/* */", "\"'", nullptr,
     "as async await bool box break char const continue crate dyn else enum extern f32 f64 false "
     "fn for i8 i16 i32 i64 i128 if impl in isize let loop match mod move mut pub ref return self "
     "Self static str struct super trait true type u8 u16 u32 u64 u128 union unsafe use usize "
     "where while"},
    {"js javascript jsx mjs cjs node ts typescript tsx", Form::Words,
     CodeLanguage::Calls | CodeLanguage::Annotations, "//", "/* */", "\"'", "`",
     "abstract any as async await boolean break case catch class const constructor continue "
     "debugger declare default delete do else enum export extends false finally for from function "
     "get if implements import in infer instanceof interface is keyof let module namespace never "
     "new null number of override private protected public readonly require return satisfies set "
     "static string super switch this throw true try type typeof undefined unknown var void while "
     "with yield"},
    {"php", Form::Words, CodeLanguage::Calls | CodeLanguage::Variables, "// #", "/* */", "\"'",
     nullptr,
     "abstract and array as break callable case catch class clone const continue declare default "
     "do echo else elseif empty endfor endforeach endif endswitch endwhile enum extends false "
     "final finally fn for foreach function global goto if implements include include_once "
     "instanceof insteadof interface isset list match namespace new null or print private "
     "protected public readonly require require_once return static switch throw trait true try "
     "unset use var while xor yield"},
    {"dart", Form::Words, CodeLanguage::Calls | CodeLanguage::Annotations, "//", "/* */", "\"'",
     "\"\"\" '''",
     "abstract as assert async await base bool break case catch class const continue covariant "
     "default deferred do double dynamic else enum export extends extension external factory false "
     "final finally for Function get hide if implements import in int interface is late library "
     "mixin new null num on operator part required rethrow return sealed set show static String "
     "super switch sync this throw true try typedef var void when while with yield"},
    {"py python python3 py3", Form::Words, CodeLanguage::Calls | CodeLanguage::Annotations, "#",
     nullptr, "\"'", "\"\"\" '''",
     "and as assert async await break case class continue def del elif else except False finally "
     "for from global if import in is lambda match None nonlocal not or pass raise return self "
     "True try while with yield"},
    {"rb ruby", Form::Words, CodeLanguage::Calls | CodeLanguage::Annotations, "#", "=begin =end",
     "\"'", nullptr,
     "alias and begin break case class def defined? do else elsif end ensure false for if in "
     "module next nil not or private protected public redo require require_relative rescue retry "
     "return self super then true undef unless until when while yield"},
    {"pl perl", Form::Words, CodeLanguage::Calls | CodeLanguage::Variables, "#", nullptr, "\"'",
     nullptr,
     "and cmp continue die do each else elsif eq for foreach ge given gt if keys last le local lt "
     "my ne next no not or our package print printf push redo require return say shift sub unless "
     "until use values wantarray when while xor"},
    {"lua", Form::Words, CodeLanguage::Calls, "--", "--[[ ]]", "\"'", nullptr,
     "and break do else elseif end false for function goto if in local nil not or repeat return "
     "then true until while"},
    {"r", Form::Words, CodeLanguage::Calls, "#", nullptr, "\"'", nullptr,
     "break else FALSE for function if in Inf library NA NaN next NULL repeat require return TRUE "
     "while"},
    {"jl julia", Form::Words, CodeLanguage::Calls | CodeLanguage::Annotations, "#", "#= =#", "\"",
     "\"\"\"",
     "abstract baremodule begin break catch const continue do else elseif end export false finally "
     "for function global if import in isa let local macro module mutable nothing primitive quote "
     "return struct true try type using where while"},
    {"hs haskell", Form::Words, CodeLanguage::CharQuotes, "--", "{- -}", "\"'", nullptr,
     "as case class data default deriving do else forall hiding if import in infix infixl infixr "
     "instance let module newtype of qualified then type where"},
    {"sh bash shell zsh console shell-session terminal fish", Form::Words,
     CodeLanguage::Variables | CodeLanguage::Commands | CodeLanguage::Dashes |
         CodeLanguage::CommentWords,
     "#", nullptr, "\"'", nullptr,
     "case do done elif else esac export fi for function if in local readonly return select set "
     "shift source sudo then time trap unset until while"},
    {"ps1 powershell pwsh", Form::Words,
     CodeLanguage::Variables | CodeLanguage::Commands | CodeLanguage::Dashes |
         CodeLanguage::IgnoresCase,
     "#", "<# #>", "\"'", nullptr,
     "begin break catch class continue data do dynamicparam else elseif end enum exit filter "
     "finally for foreach from function hidden if in param process return static switch throw trap "
     "try until using var while"},
    {"bat cmd batch", Form::Words,
     CodeLanguage::IgnoresCase | CodeLanguage::Commands | CodeLanguage::CommentWords,
     "rem ::", nullptr, "\"", nullptr,
     "call do echo else endlocal equ exist exit for geq goto gtr if in leq lss neq not pause set "
     "setlocal shift"},
    {"sql sqlite mysql postgres postgresql plsql tsql", Form::Words,
     CodeLanguage::IgnoresCase | CodeLanguage::Calls, "--", "/* */", "'\"", nullptr,
     "add all alter and any as asc autoincrement begin between bigint blob boolean by cascade case "
     "cast char check column commit constraint create cross current_timestamp database date "
     "decimal declare default delete desc distinct drop else end except exists false fetch float "
     "for foreign from full function grant group having if ignore ilike in index inner insert int "
     "integer intersect into is join key left like limit not null numeric offset on or order outer "
     "over partition pragma primary procedure real recursive references replace returning returns "
     "revoke right rollback row rows select serial set table text then timestamp to transaction "
     "trigger true union unique update using values varchar view when where window with"},
    {"json jsonc json5 jsonl", Form::Words, CodeLanguage::Keys, "//", "/* */", "\"", nullptr,
     "false null true"},
    {"yaml yml", Form::Keyed, CodeLanguage::Dashes | CodeLanguage::CommentWords, "#", nullptr,
     "\"'", nullptr, "false no null off on true yes"},
    {"toml", Form::Keyed, CodeLanguage::Dashes, "#", nullptr, "\"'", "\"\"\" '''", "false true"},
    {"ini cfg conf properties desktop env dotenv", Form::Keyed, CodeLanguage::Dashes, "# ;",
     nullptr, "\"", nullptr, "false no off on true yes"},
    {"html htm xml svg xhtml vue svelte xsl", Form::Markup, 0, nullptr, "<!-- -->", "\"'", nullptr,
     nullptr},
    {"css scss less sass", Form::Words,
     CodeLanguage::Annotations | CodeLanguage::Keys | CodeLanguage::Dashes | CodeLanguage::Calls,
     "//", "/* */", "\"'", nullptr, nullptr},
    {"diff patch", Form::Diff, 0, nullptr, nullptr, nullptr, nullptr, nullptr},
    {"make makefile mk", Form::Words,
     CodeLanguage::Variables | CodeLanguage::Keys | CodeLanguage::Dashes, "#", nullptr, "\"'",
     nullptr, "define else endef endif export ifdef ifeq ifndef ifneq include override"},
    {"cmake", Form::Words,
     CodeLanguage::IgnoresCase | CodeLanguage::Calls | CodeLanguage::Variables, "#", "#[[ ]]", "\"",
     nullptr,
     "and else elseif endforeach endfunction endif endmacro endwhile equal false foreach function "
     "if in macro matches not off on or private public interface return streq strequal true while"},
    {"dockerfile docker containerfile", Form::Words, CodeLanguage::Variables | CodeLanguage::Dashes,
     "#", nullptr, "\"'", nullptr,
     "ADD ARG AS CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL "
     "STOPSIGNAL USER VOLUME WORKDIR"},
    {"tex latex", Form::Words, CodeLanguage::Backslashes, "%", nullptr, nullptr, nullptr, nullptr},
};

std::vector<QString> wordsOf(const char* list) {
    const QStringList words = QString::fromLatin1(list).split(u' ', Qt::SkipEmptyParts);
    return {words.begin(), words.end()};
}

CodeLanguage languageOf(const LanguageRow& row) {
    CodeLanguage language;
    language.form = row.form;
    language.traits = row.traits;
    language.keywords = wordsOf(row.keywords);
    std::sort(language.keywords.begin(), language.keywords.end());
    language.lineComments = wordsOf(row.lineComments);
    if (const auto block = wordsOf(row.blockComment); block.size() == 2) {
        language.blockOpen = block[0];
        language.blockClose = block[1];
    }
    language.quotes = QString::fromLatin1(row.quotes);
    language.longQuotes = wordsOf(row.longQuotes);
    return language;
}

/// The table, ready to be looked into.
struct LanguageTable {
    std::array<CodeLanguage, std::size(kRows)> languages;
    QHash<QString, const CodeLanguage*> byName;

    LanguageTable() {
        for (std::size_t i = 0; i < languages.size(); ++i) {
            languages[i] = languageOf(kRows[i]);
            for (const QString& name : wordsOf(kRows[i].names)) byName[name] = &languages[i];
        }
    }
};

}  // namespace

const CodeLanguage* codeLanguageOrNull(QStringView name) {
    static const LanguageTable kTable;
    constexpr qsizetype kLongestName = 20;
    if (name.isEmpty() || name.size() > kLongestName) return nullptr;
    return kTable.byName.value(name.toString().toLower());
}

}  // namespace lares::app
