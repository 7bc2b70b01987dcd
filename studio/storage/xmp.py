"""An XMP packet with a slate in it: RDF as Adobe's specification (ISO 16684-1) wants it."""

from xml.etree import ElementTree
from xml.sax.saxutils import escape

from studio.core.slate import MADE_WITH

# The extended type of the `uuid` box that holds XMP in MP4 and QuickTime files.
UUID = bytes.fromhex("BE7ACFCB97A942E89C71999491E3AFAC")
NAMESPACE = "urn:dailies:slate:1.0/"
MOST_BYTES = 2 * 1024 * 1024

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dailies="{namespace}">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<xmp:CreatorTool>{tool}</xmp:CreatorTool>
<dailies:slate>{slate}</dailies:slate>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def packet(title: str, slate: str) -> bytes:
    """The packet; `title` and `slate` hold nothing that XML can not."""
    filled = _PACKET.format(
        namespace=NAMESPACE, tool=MADE_WITH, title=escape(title), slate=escape(slate)
    )
    return filled.encode()


def read(raw: bytes) -> str:
    """The text of the slate in a packet, "" where there is none that can be read.

    Nothing that declares entities is parsed: a few bytes of those can stand for gigabytes.
    """
    try:
        text = raw.decode()
        if len(raw) > MOST_BYTES or "<!" in text:
            return ""
        root = ElementTree.fromstring(text)  # noqa: S314  (no DTD: no entities)
    except (UnicodeDecodeError, ElementTree.ParseError):
        return ""
    name = f"{{{NAMESPACE}}}slate"
    for element in root.iter():
        if element.tag == name:
            return element.text or ""
        if name in element.attrib:  # some tools write properties that way
            return element.attrib[name]
    return ""
