#!/usr/bin/env python3
"""Makes the documents of this folder, with Python's standard library alone: run it here.

Each document NAME has the text that is taken out of it beside it, as NAME.txt, which is written by
hand: the tests compare them.
"""
import hashlib
import io
import zipfile

DAY = (2026, 11, 28, 12, 0, 0)  # the same source gives the same bytes


def packed(name, parts, first=None):
    """A ZIP archive; `first` is stored and not deflated, as a mimetype has to be."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if first:
            archive.writestr(zipfile.ZipInfo("mimetype", DAY), first, zipfile.ZIP_STORED)
        for part, text in parts.items():
            info = zipfile.ZipInfo(part, DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    write(name, out.getvalue())


def write(name, data):
    with open(name, "wb") as file:
        file.write(data)


def relations(*pairs):
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    rows = "".join(f'<Relationship Id="{i}" Type="{base}{t}" Target="{to}"/>' for i, t, to in pairs)
    return ('<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/'
            f'2006/relationships">{rows}</Relationships>')


TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def run(text):
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def docx():
    item = '<w:pPr><w:numPr><w:ilvl w:val="0"/></w:numPr></w:pPr>'
    cell = lambda text: f"<w:tc><w:p>{run(text)}</w:p></w:tc>"
    body = (
        f'<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs></w:pPr>{run("Dear Anna,")}</w:p>'
        f"<w:p/><w:p/>"
        f'<w:p>{run("the rent is 1")}{run("200 € &amp; due ")}<w:r><w:rPr><w:b/></w:rPr><w:t>now</w:t></w:r>'
        f'<w:r><w:footnoteReference w:id="2"/></w:r>{run(".")}<w:r><w:br/></w:r>{run("Really.")}</w:p>'
        f'<w:p>{item}{run("water")}</w:p><w:p>{item}{run("heat")}</w:p>'
        f'<w:p><w:del><w:r><w:delText>struck out</w:delText></w:r></w:del><w:ins>{run("put in")}</w:ins></w:p>'
        f'<w:tbl><w:tr>{cell("Month")}{cell("Cost")}</w:tr><w:tr>{cell("May")}{cell("12")}</w:tr></w:tbl>'
        '<w:p xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>'
        f'<mc:Choice>{run("In a box")}</mc:Choice><mc:Fallback>{run("In a box")}</mc:Fallback>'
        "</mc:AlternateContent></w:p>")
    notes = ('<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
             f'<w:footnote w:id="2"><w:p>{run("By the contract.")}</w:p></w:footnote>')
    packed("letter.docx", {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(("rId1", "officeDocument", "word/document.xml")),
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?><w:document {W}><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": relations(("rId7", "footnotes", "footnotes.xml")),
        "word/footnotes.xml": f"<w:footnotes {W}>{notes}</w:footnotes>",
    })


def pptx():
    a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    p = f'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" {a}'
    r = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    text = lambda words: f"<a:p><a:r><a:t>{words}</a:t></a:r></a:p>"
    slide = lambda inside: f"<p:sld {p}><p:cSld><p:spTree>{inside}</p:spTree></p:cSld></p:sld>"
    packed("talk.pptx", {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(("rId1", "officeDocument", "/ppt/presentation.xml")),
        "ppt/presentation.xml": f'<p:presentation {p} {r}><p:sldIdLst><p:sldId id="256" r:id="rId3"/>'
                                '<p:sldId id="257" r:id="rId2"/></p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(("rId2", "slide", "slides/slide1.xml"), ("rId3", "slide", "slides/slide2.xml")),
        "ppt/slides/slide1.xml": slide(text("Second") + '<a:p><a:fld type="slidenum"><a:t>2</a:t></a:fld></a:p>'),
        "ppt/slides/slide2.xml": slide(text("First") + text("A point")
            + f'<a:tbl><a:tr><a:tc>{text("x")}</a:tc><a:tc>{text("y")}</a:tc></a:tr></a:tbl>'),
        "ppt/slides/_rels/slide2.xml.rels": relations(("rId1", "notesSlide", "../notesSlides/notesSlide1.xml")),
        "ppt/notesSlides/notesSlide1.xml": slide(text("Say hello.")),
    })


def xlsx():
    s = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    r = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="D1" t="inlineStr"><is><t>Note</t></is></c></row>'
        '<row r="3"><c r="A3" s="1"><v>45292</v></c><c r="B3"><v>0.30000000000000004</v></c><c r="C3" t="b"><v>1</v></c></row>'
        '<row r="4"><c r="A4" s="2"><v>45292.5</v></c><c r="B4" t="str"><f>A1</f><v>two\nlines</v></c></row>'
        '<row r="5"><c r="A5" s="3"><v>1200</v></c><c r="B5" t="e"><v>#DIV/0!</v></c></row>')
    packed("costs.xlsx", {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook {s} {r}><sheets><sheet name="Costs &amp; more" sheetId="1" r:id="rId1"/>'
                           '<sheet name="Empty" sheetId="2" r:id="rId2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "worksheet", "worksheets/sheet2.xml"),
            ("rId3", "sharedStrings", "sharedStrings.xml"), ("rId4", "styles", "styles.xml")),
        "xl/sharedStrings.xml": f"<sst {s}><si><t>Day</t></si><si><r><t>Am</t></r><r><t>ount</t></r></si></sst>",
        "xl/styles.xml": f'<styleSheet {s}><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/>'
                         '<numFmt numFmtId="165" formatCode="#,##0.00 &quot;days&quot;"/></numFmts>'
                         '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
                         '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f"<worksheet {s}><sheetData>{rows}</sheetData></worksheet>",
        "xl/worksheets/sheet2.xml": f"<worksheet {s}><sheetData/></worksheet>",
    })


OPEN = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
        'xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"')


def open_document(name, kind, body, more=None):
    packed(name, {
        "content.xml": f'<?xml version="1.0"?><office:document-content {OPEN}><office:body>{body}</office:body></office:document-content>',
        **(more or {}),
    }, first=f"application/vnd.oasis.opendocument.{kind}")


def odt():
    note = ('<text:note text:id="1"><text:note-citation>1</text:note-citation><text:note-body>'
            "<text:p>By the contract.</text:p></text:note-body></text:note>")
    cell = lambda text: f"<table:table-cell><text:p>{text}</text:p></table:table-cell>"
    open_document("letter.odt", "text", "<office:text>"
        "<text:tracked-changes><text:p>struck out</text:p></text:tracked-changes>"
        "<text:h>Rent</text:h>\n"
        f'<text:p>It is   <text:span>12</text:span><text:s text:c="2"/>€{note} now<text:line-break/>and<text:tab/>later.</text:p>'
        "<text:list><text:list-item><text:p>water</text:p></text:list-item><text:list-item><text:p>heat</text:p></text:list-item></text:list>"
        f'<table:table><table:table-row>{cell("Month")}{cell("Cost")}</table:table-row></table:table>'
        "<text:p><office:annotation><text:p>a comment</text:p></office:annotation>End</text:p></office:text>")


def odp():
    page = lambda text: f"<draw:page><draw:frame><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>"
    open_document("talk.odp", "presentation", "<office:presentation>" + page("First")
        + "<presentation:notes><draw:text-box><text:p>Say hello.</text:p></draw:text-box></presentation:notes></draw:page>"
        + page("Second") + "</draw:page></office:presentation>")


def ods():
    cell = lambda text, more="": f"<table:table-cell{more}><text:p>{text}</text:p></table:table-cell>"
    open_document("costs.ods", "spreadsheet", '<office:spreadsheet><table:table table:name="Costs">'
        f'<table:table-row>{cell("Month")}<table:table-cell/>{cell("Cost")}<table:table-cell table:number-columns-repeated="1021"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
        f'<table:table-row table:number-rows-repeated="2">{cell("same", " table:number-columns-repeated=&quot;2&quot;".replace("&quot;", chr(34)))}</table:table-row>'
        "</table:table></office:spreadsheet>")


def locked_odt():
    open_document("locked.odt", "text", "", {"META-INF/manifest.xml":
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry>'
        "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"})


def epub():
    packed("book.epub", {
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        "OEBPS/book.opf": '<package><manifest><item id="b" href="two.xhtml" media-type="application/xhtml+xml"/>'
            '<item id="a" href="text/chapter%201.xhtml" media-type="application/xhtml+xml"/>'
            '<item id="i" href="a.png" media-type="image/png"/></manifest>'
            '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
        "OEBPS/text/chapter 1.xhtml": '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">'
            "<html><head><style>p { color: red }</style></head><body><h1>One</h1><p>It was&nbsp;night.</p></body></html>",
        "OEBPS/two.xhtml": "<html><body><h2>Two</h2><p>It was day.</p></body></html>",
    }, first="application/epub+zip")


def rtf():
    write("letter.rtf", rb"""{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Arial;}}{\colortbl;\red0\green0\blue0;}
{\*\generator Somebody 1.0;}{\info{\title Hidden}}\pard Dear Anna,\par
the rent is 12\~\'80 and \u8364?\uc2\u8222 \'84\'84 due \{now\}\emdash \b really\b0 .\par
{\field{\*\fldinst HYPERLINK "http://example.org"}{\fldrslt A link}}\tab\u55357?\u56832?\line
{\pict\pngblip 89504e470d0a1a0a}{\v hidden}Month\cell Cost\cell\row
}""")


def html():
    write("page.html", """<!DOCTYPE html>
<html><head><title>Rent &amp; more</title><style>p > b { color: red }</style>
<script>if (1 < 2) document.write("</p>no");</script></head>
<body><!-- a <p>comment</p> -->
<h1>Rent</h1><p>It is   <b>12</b>&nbsp;&euro;<br>now&#8212;a &lt; b &unknown; AT&T 3 < 4.
<p>Second<ul><li>water<li>heat</ul>
<table><tr><th>Month</th><th>Cost</th></tr><tr><td>May</td><td>12</td></tr></table>
<pre>  kept
    as it is</pre><a title="a > b" href="x">link</a><noscript>no script</noscript>
</body></html>
""".encode())


def pdf(name, pages, key=None, encrypt=b""):
    """Pages of lines, in Helvetica; a page without lines is a picture (a grey square)."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(len(pages)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>",
               b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    for i, lines in enumerate(pages):
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
                       b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * i))
        shown = b" 0 -16 Td ".join(b"(%s) Tj" % line.encode("cp1252") for line in lines)
        stream = b"BT /F1 12 Tf 72 720 Td " + shown + b" ET" if lines else b"0.5 g 72 72 300 300 re f"
        if key:
            number = 5 + 2 * i
            own = hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
            stream = rc4(own, stream)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects + ([encrypt] if encrypt else []), 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    more = b" /Encrypt %d 0 R /ID [<00><00>]" % len(places) if encrypt else b""
    write(name, out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n"
          % (len(places) + 1, table, len(places) + 1, more, len(out)))


def rc4(key, data):
    box, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def locked_pdf():
    """Encrypted by the PDF reference's first method, 40 bits, with the password "secret"."""
    padding = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    password = (b"secret" + padding)[:32]
    owner = rc4(hashlib.md5(password).digest()[:5], password)
    key = hashlib.md5(password + owner + (0xFFFFFFFC).to_bytes(4, "little") + b"\0").digest()[:5]
    user = rc4(key, padding)
    text = lambda raw: b"<" + raw.hex().encode() + b">"
    pdf("locked.pdf", [["Secret"]], key, b"<< /Filter /Standard /V 1 /R 2 /O %s /U %s /P -4 >>" % (text(owner), text(user)))


def main():
    for make in (docx, pptx, xlsx, odt, odp, ods, locked_odt, epub, rtf, html, locked_pdf):
        make()
    pdf("pages.pdf", [["Rent for November", "12 € & more"], [], ["The third page"]])
    pdf("scan.pdf", [[], []])


main()
