"""The one list of diagnostic codes.

A code is never reused. Each has a page `docs/diagnostics/CODE.md` whose bad example raises it and whose good
example does not. Ranges follow the phases: 00 the checking itself, 01 read, 02 parse, 03 bind, 04 wiring,
05 types, 06 resources, 07 config, 08 partitions, 09 selections, 10 link.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]


class Code(NamedTuple):
    """What is fixed about a code: its severity unless settings change it, and the title of its page."""

    severity: Severity
    title: str


CODES: dict[str, Code] = {
    # the checking itself
    "JC0001": Code("warning", "Suppression that suppresses nothing"),
    "JC0002": Code("warning", "Suppression that cannot be read"),
    "JC0003": Code("error", "Settings that cannot be read"),
    # the readers
    "JC0101": Code("error", "File cannot be read"),
    "JC0102": Code("error", "File is not UTF-8 text"),
    "JC0103": Code("error", "Text is not YAML"),
    "JC0104": Code("error", "Text is not TOML"),
    "JC0105": Code("error", "Duplicate key"),
    "JC0106": Code("error", "Key is not a string"),
    "JC0107": Code("error", "Several documents in one file"),
    "JC0108": Code("error", "Tab or control character outside a string"),
    "JC0109": Code("error", "YAML tag"),
    "JC0110": Code("error", "Alias without anchor, or alias that contains itself"),
    "JC0111": Code("error", "Limit exceeded"),
    "JC0112": Code("error", "Not a spec file"),
    "JC0113": Code("warning", "YAML version other than 1.2"),
    "JC0114": Code("error", "Merge key with something else than mappings"),
    "JC0115": Code("warning", "Number that is not what it looks like"),
    # parse
    "JC0201": Code("error", "Unknown key"),
    "JC0202": Code("error", "Missing key"),
    "JC0203": Code("error", "Value of the wrong type"),
    "JC0204": Code("error", "Value out of range"),
    "JC0205": Code("error", "Unsupported language version"),
    "JC0206": Code("error", "Name that is not an identifier"),
    "JC0207": Code("error", "Wiring text that cannot be parsed"),
    "JC0208": Code("error", "Type text that cannot be parsed"),
    "JC0209": Code("error", "Expression that cannot be parsed"),
    "JC0210": Code("error", "Keys that exclude each other"),
    "JC0211": Code("error", "Python target that is not `module:name`"),
    "JC0212": Code("error", "Source of an input that cannot be read"),
    "JC0213": Code("error", "Number that is not finite"),
    # bind
    "JC0301": Code("error", "Python module not found"),
    "JC0302": Code("error", "Python module has no such name"),
    "JC0303": Code("error", "Python module that cannot be parsed"),
    "JC0304": Code("note", "Python target that cannot be known without importing it"),
    "JC0305": Code("error", "Python target that cannot be called"),
    "JC0306": Code("error", "Ambiguous name"),
    "JC0311": Code("error", "Unknown op or graph"),
    "JC0312": Code("error", "Unknown graph of a job"),
    "JC0313": Code("error", "Unknown resource"),
    "JC0314": Code("error", "Unknown variable in an expression"),
    "JC0315": Code("error", "Unknown name in wiring"),
    "JC0316": Code("error", "Graphs that contain each other"),
    "JC0317": Code("error", "Unknown output"),
    "JC0318": Code("error", "Vars that refer to each other"),
    "JC0319": Code("error", "Unknown job"),
    "JC0320": Code("error", "Graphs nested too deeply, or too large"),
    "JC0323": Code("error", "Jobs derived from each other"),
    "JC0324": Code("error", "Unknown partitions or partitioned config"),
    "JC0325": Code("error", "Unknown function in an expression"),
    "JC0330": Code("error", "Import that cannot be followed"),
    "JC0331": Code("error", "Files that import each other"),
    "JC0332": Code("error", "Import from outside the project"),
    "JC0333": Code("error", "Unknown name in an import"),
    "JC0334": Code("error", "Value for a var that is not there"),
    "JC0335": Code("error", "Profile that changes what is not there"),
    "JC0336": Code("error", "Unknown profile"),
    "JC0337": Code("error", "Two Python modules of one name"),
    "JC0350": Code("error", "Unknown hook, logger, executor or config mapping"),
    # the wiring rules
    "JC0401": Code("error", "Input without a provider"),
    "JC0402": Code("error", "Cycle between nodes"),
    "JC0403": Code("error", "Unknown input"),
    "JC0404": Code("error", "Too many arguments"),
    "JC0405": Code("error", "Input given twice"),
    "JC0406": Code("error", "Node name used twice"),
    "JC0407": Code("error", "Number of names does not fit the outputs"),
    "JC0408": Code("error", "Output without a source"),
    "JC0409": Code("error", "Several outputs where one is wanted"),
    "JC0410": Code("error", "Output that is not dynamic"),
    "JC0411": Code("error", "Value in a list of outputs"),
    "JC0412": Code("error", "Parameter that fits two providers"),
    "JC0413": Code("error", "Parameter that fits no provider"),
    "JC0414": Code("error", "Input that no parameter takes"),
    "JC0415": Code("error", "Graph input that no node takes"),
    "JC0416": Code("error", "Retry policy that does not hold together"),
    "JC0417": Code("error", "Config field that no parameter takes"),
    "JC0418": Code("warning", "Time limit that one process cannot enforce"),
    "JC0419": Code("error", "Asset key with an empty part"),
    "JC0420": Code("error", "Items where one value is wanted"),
    "JC0421": Code("error", "Two dynamic outputs that meet in one node"),
    "JC0422": Code("error", "Items in a list of outputs"),
    "JC0423": Code("error", "Collected list that is mapped or collected again"),
    "JC0424": Code("error", "Items within items"),
    "JC0425": Code("error", "Output that one node maps and collects"),
    "JC0426": Code("error", "`map` or `collect` of something else than an output"),
    "JC0427": Code("error", "Collected list as an output of a graph"),
    "JC0428": Code("error", "Outputs of a job"),
    "JC0430": Code("warning", "Op that nothing uses"),
    "JC0431": Code("warning", "Graph that nothing uses"),
    "JC0432": Code("warning", "Var that nothing uses"),
    "JC0433": Code("warning", "Import that nothing uses"),
    "JC0434": Code("warning", "Definition that no job uses"),
    "JC0435": Code("error", "Reserved tag that cannot be"),
    # the type rules
    "JC0501": Code("error", "Literal that does not fit the input's type"),
    "JC0502": Code("error", "Operation on types it does not take"),
    "JC0503": Code("error", "Wrong arguments of a function"),
    "JC0504": Code("error", "Expression that has no value"),
    "JC0505": Code("error", "Var of the wrong type"),
    "JC0506": Code("error", "Var without a value"),
    "JC0510": Code("error", "Output that does not fit the input"),
    "JC0511": Code("error", "Outputs that differ from the return annotation"),
    "JC0512": Code("error", "Input that differs from the parameter's annotation"),
    "JC0513": Code("error", "Config field that differs from the parameter's annotation"),
    # the resource rules
    "JC0601": Code("error", "Required resource is missing"),
    "JC0602": Code("error", "Resources that need each other"),
    "JC0603": Code("error", "Resource key that nothing needs"),
    "JC0604": Code("error", "Chain of resources that is too long"),
    "JC0605": Code("error", "Hook that does not take what it is given"),
    "JC0606": Code("error", "Output that a command cannot give"),
    "JC0607": Code("error", "Quotes around a value in a text for the shell"),
    "JC0608": Code("warning", "Resource that nothing needs"),
    # the config rules
    "JC0701": Code("error", "Unknown config key"),
    "JC0702": Code("error", "Missing config value"),
    "JC0703": Code("error", "Config value of the wrong type"),
    "JC0704": Code("error", "Config value out of range"),
    "JC0705": Code("error", "Constraint that does not go with the type"),
    "JC0706": Code("warning", "Secret written into the spec"),
    "JC0707": Code("error", "Key that does not go with the kind of a config field"),
    "JC0708": Code("error", "Secret where it would be shown"),
    # the partition rules
    "JC0801": Code("error", "Partitions that cannot be"),
    "JC0802": Code("warning", "Key of more than one partition"),
    # the selection rules
    "JC0901": Code("error", "Selection that cannot be read"),
    "JC0902": Code("error", "Selection that does not fit the job"),
    # link
    "JC1001": Code("error", "Python target cannot be imported"),
    "JC1002": Code("error", "Signature differs from what was checked"),
    "JC1003": Code("error", "Job that cannot be built"),
    "JC1004": Code("error", "File of compiled jobs that cannot be read"),
    "JC1005": Code("error", "Job that is not as it was locked"),
}
