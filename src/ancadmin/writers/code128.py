"""Bar codes of digits, as every scanner reads them (Code 128, ISO/IEC 15417). Lengths are modules, the thinnest bar."""

# Of each sign the widths of its bars and spaces in turn; the last ends every code.
_SIGNS = """
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222
    123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321
    232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121
    313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224
    111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111
    111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113
    114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112
""".split()  # noqa: SIM905 - a table of them is read, a list of strings is not
_DIGITS, _START_PAIRS, _STOP = 100, 105, 106
# What has to be free on both sides.
QUIET = 10


def widths_of(digits: str) -> str:
    """The widths of bars and spaces in turn, beginning and ending with a bar: pairs of digits, an odd one at the end by
    itself, the check sign. 13 digits are 123 modules.
    """
    even = len(digits) - len(digits) % 2
    signs = [_START_PAIRS, *(int(digits[at : at + 2]) for at in range(0, even, 2))]
    if even < len(digits):
        signs += [_DIGITS, int(digits[-1]) + 16]
    check = (signs[0] + sum(place * sign for place, sign in enumerate(signs))) % 103
    return "".join(_SIGNS[sign] for sign in (*signs, check, _STOP))


def modules_of(digits: str) -> int:
    """How wide the bar code of `digits` is, without the quiet zones."""
    return sum(map(int, widths_of(digits)))
