"""Who may do what where: every command that can be typed, a line each; test_scope.py types them all.

`where` says about what place a line is:
  free     nothing of a store: anybody may, without a role too
  demo     it makes a store of its own: typed in tests/cli/test_demo.py
  any      nothing of a place: wherever the role is held
  wide     nothing of a place, but more than a branch: refused to a role held for a branch
  file     a file about the own branch: from elsewhere it may be typed, but its row is refused
  rows     it shows what there is in the role's own place: of `Ownson`, `Nearson` and `Farson` those who are there
  held     as rows; what is kept for a region, or by its officers, is not seen by a role held for a branch
  branch   about the own branch: refused to a role held elsewhere
  region   about the own region: refused to a role held for a branch too
  nation   about everything: refused to a role held for less
One letter a role, in the order of ROLES: `y` may, `a` may ask (somebody else has to approve), `o` sees the own work
alone, `n` may type it, but every row is refused, `-` may not (exit 7). Whoever is no operator may only what is free.
"""

ROLES = (
    "branch_secretary",
    "membership_officer",
    "regional_organiser",
    "regional_secretary",
    "provincial_officer",
    "national_officer",
    "call_centre_agent",
    "call_centre_supervisor",
    "auditor",
)

TABLE = """
demo   | demo                                                                                     | yyyyyyyyy
free   | check id {own}                                                                           | yyyyyyyyy
free   | db path                                                                                  | yyyyyyyyy
free   | config show                                                                              | yyyyyyyyy
free   | config policy                                                                            | yyyyyyyyy
free   | config policy check                                                                      | yyyyyyyyy
free   | register profile suggest {rows}                                                          | yyyyyyyyy
free   | deposits profile suggest {lines}                                                         | yyyyyyyyy
any    | init                                                                                     | yyyyyyyyy
any    | db upgrade                                                                               | -----y---
any    | db info                                                                                  | yyyyyyyyy
any    | db places list                                                                           | yyyyyyyyy
branch | db places import {renamed} -n                                                            | -y-yyy---
nation | db demarcation import {wards} --year 2026 --on {today} --why W -n                        | -----y---
any    | config policy list                                                                       | yyyyyyyyy
free   | config policy show                                                                       | yyyyyyyyy
any    | config policy diff {policy}                                                              | yyyyyyyyy
nation | config policy adopt -n                                                                   | -----y---
rows   | member list                                                                              | yyyyyyyyy
rows   | member find son                                                                          | yyyyyyyyy
branch | member list --branch 79700012                                                            | yyyyyyyyy
region | member list --region EKU                                                                 | yyyyyyyyy
branch | member show {own}                                                                        | yyyyyyyyy
branch | member history {own}                                                                     | yyyyyyyyy
branch | member explain {own}                                                                     | yyyyyyyyy
branch | member apply {newcomer} --surname New --branch 79700012 --on {today} --why W -n          | ay-yyy---
branch | member accept {applicant} --on {today} --why W -n                                        | ay-yyy---
branch | member refuse {applicant} --on {today} --why W -n                                        | ay-yyy---
branch | member object {probation} --on {today} --why W -n                                        | ay-yyy---
branch | member discipline {own} --kind suspended --on {today} --why W -n                         | aa-yyy---
branch | member resign {own} --on {today} --why W -n                                              | ay-yyy---
branch | member defect {own} --on {today} --why W -n                                              | ay-yyy---
branch | member lapse {own} --on {today} --why W -n                                               | ay-yyy---
branch | member contact {other} --cell 0839999999 --why W -n                                      | ay-yyy---
branch | member transfer {own} --to 79700013 --on {today} --why W -n                              | aa-yyy---
branch | member renumber {own} {new} --why W -n                                                   | aa-yyy---
branch | member release {former}     --why W -n                                                   | aa-yyy---
branch | member merge {own} {other} --why W -n                                                    | -y-yyy---
file   | member deceased import {deaths} -n                                                       | nynyyynn-
branch | member deceased undo {dead} --why W -n                                                   | -y-yyy---
free   | member deceased layout hanis                                                             | yyyyyyyyy
file   | member decisions import {minutes} --why W -n                                             | aynyyynn-
branch | member dispute lodge {other} --kind wrong_standing {claim} -n                            | yy-yyyyy-
branch | member dispute accept 1 --why W -n                                                       | -----y---
branch | member dispute reject 1 --why W --next-step N -n                                         | ---yyy---
rows   | member dispute list                                                                      | yyyyyyyyy
rows   | member dispute list --all                                                                | yyyyyyyyy
branch | member dispute show 1                                                                    | yyyyyyyyy
any    | member dispute purge -n                                                                  | -y-yyy---
branch | register import {rows} -n                                                                | -y-yyy---
any    | register profile check {rows}                                                            | yyyyyyyyy
any    | register profile list                                                                    | yyyyyyyyy
any    | register profile show mine                                                               | yyyyyyyyy
any    | register profile save mine {mapping} -n                                                  | -y-yyy---
any    | register profile remove mine -n                                                          | -y-yyy---
held   | register quarantine                                                                      | -y-yyy--y
any    | register quarantine export {folder}/out.xlsx                                             | -y-yyy--y
region | register quarantine apply {held} -n                                                      | -y-yyy---
branch | register quality --branch 79700012                                                       | yyyyyy--y
held   | register quality --trend                                                                 | oyoyyy--y
branch | register duplicates --branch 79700012 -n                                                 | -y-yyy---
held   | register desk                                                                            | -y-yyy---
any    | deposits import {lines} -n                                                               | -y-yyy---
any    | deposits match -n                                                                        | -y-yyy---
rows   | deposits list                                                                            | yyyyyy--y
any    | deposits balance                                                                         | -y-yyy--y
any    | deposits statements                                                                      | -y-yyy--y
any    | deposits suspense                                                                        | -y-yyy--y
any    | deposits patterns                                                                        | yyyyyy--y
rows   | deposits review                                                                          | -y-yyy--y
rows   | deposits review --accept --reason near_miss --why W -n                                   | -y-yyy---
rows   | deposits alias list                                                                      | yyyyyy--y
branch | deposits alias forget {alias} --why W -n                                                 | -y-yyy---
branch | deposits allocate {nobodys} --to {own} --why W -n                                        | -y-yyy---
branch | deposits reverse {credited} --why W -n                                                   | -y-yyy---
any    | deposits refund {nobodys} --why W -n                                                     | -y-yyy---
branch | deposits move {credited} --from {own} --to {other} --why W -n                            | -y-yyy---
branch | deposits returned {credited} --line {debit} --why W -n                                   | -y-yyy---
any    | deposits profile check {lines}                                                           | yyyyyyyyy
any    | deposits profile list                                                                    | yyyyyyyyy
any    | deposits profile show capitec                                                            | yyyyyyyyy
any    | deposits profile save mine {layout} -n                                                   | -y-yyy---
any    | deposits profile remove mine -n                                                          | -y-yyy---
any    | deposits bulk list                                                                       | -y-yyy--y
any    | deposits bulk show {bulk}                                                                | -y-yyy--y
branch | deposits bulk schedule {bulk} {schedule} -n                                              | -y-yyy---
branch | deposits bulk approve {bulk} --why W -n                                                  | -y-yyy---
any    | deposits bulk refuse {bulk} --why W -n                                                   | -y-yyy---
branch | deposits remind plan --branch 79700012 -n                                                | -y-yyy---
rows   | deposits remind list                                                                     | yyyyyy--y
any    | deposits remind send --channel sms -n -o {folder}/again.csv                              | -y-yyy---
any    | deposits remind again {sent} -o {folder}/{as}.csv                                        | -y-yyy---
rows   | approvals list                                                                           | yyyyyyyyy
rows   | approvals list --all                                                                     | yyyyyyyyy
branch | approvals approve {request} --why W -n                                                   | -y-yyy---
branch | approvals refuse {request} --why W -n                                                    | -y-yyy---
any    | standing sweep -n                                                                        | -y-yyy---
any    | sweep -n                                                                                 | -y-yyy---
nation | standing sweep --verify                                                                  | -y-yyy--y
branch | export branch-list --branch 79700012 --as xlsx -o {folder}/{as}.xlsx                     | yyyyyyyyy
region | export branch-list --region EKU --as xlsx -o {folder}/{as}-region.xlsx                   | yyyyyyyyy
nation | export branch-list --all --as xlsx -o {folder}/{as}-all.xlsx                             | yyyyyyyyy
branch | export attendance-register --branch 79700012 {meeting} -o {folder}/{as}.pdf -n           | -y-yyy---
region | export attendance-register --region EKU {meeting} -o {folder}/{as} -n                    | -y-yyy---
branch | export statement-of-dues {own} -o {folder}/{as}.pdf                                      | yyyyyy--y
branch | export card {standing} -o {folder}/{as}-card.pdf                                         | yyyyyy--y
branch | export card --branch 79700012 -o {folder}/{as}-cards.pdf                                 | yyyyyy--y
branch | export branch-health --branch 79700012 -o {folder}/{as}-health.pdf                       | yyyyyy--y
branch | export reprint {serial} -o {folder}/{as}-again.pdf                                       | yyyyyyyyy
branch | export attendance import {door} --serial {serial} -n                                     | -y-yyy---
branch | export attendance show {serial}                                                          | yyyyyyyyy
any    | export verify {paper}                                                                    | yyyyyyyyy
region | export cost-comparison {sheet} -o {folder}/{as}.pdf                                      | yyyyyy--y
region | costs new --region EKU --subject S -n                                                    | -y-yyy---
region | costs change {sheet} --name N -n                                                         | -y-yyy---
region | costs option {sheet} --kind repair -n                                                    | -y-yyy---
region | costs line {sheet} --option repair --kind other --description D --unit R1 -n             | -y-yyy---
region | costs remove {complete} A1 -n                                                            | -y-yyy---
region | costs template {complete} -o {folder}/{as}-sheet.xlsx                                    | -y-yyy---
wide   | costs template -o {folder}/{as}.xlsx                                                     | -y-yyy---
region | costs submit {complete} -n                                                               | -y-yyy---
region | costs import {filled} -n                                                                 | -y-yyy---
region | costs approve {submitted} --why Cheapest -n                                              | ---yyy---
region | costs show {sheet}                                                                       | yyyyyy--y
any    | costs purge -n                                                                           | -y-yyy---
held   | costs list                                                                               | yyyyyy--y
branch | report ageing --branch 79700012                                                          | yyyyyy--y
branch | report receivables --branch 79700012 --from 2025-01-01 --to 2025-12-31                   | yyyyyy--y
branch | report standing --branch 79700012                                                        | yyyyyyyyy
any    | report cash --from 2026-01-01 --to 2026-03-31                                            | -y-yyy--y
rows   | batch list --limit 500                                                                   | oyoyyyooy
branch | batch show {asked_in}                                                                    | -y-yyy--y
any    | batch undo {asked_in} -n                                                                 | -----y---
rows   | audit log --limit 500                                                                    | oyoyyyooy
rows   | audit log --reads --limit 9000                                                           | oyoyyyooy
any    | audit head                                                                               | yyyyyyyyy
any    | audit verify                                                                             | yyyyyyyyy
rows   | operator list                                                                            | yyyyyyyyy
rows   | operator list --all                                                                      | yyyyyyyyy
branch | operator add somebody --name N --role branch_secretary --place 79700012 -n               | ---ayy---
region | operator grant {deputy} --role branch_secretary --place 79700013 -n                      | ---ayy---
branch | operator revoke {deputy} --why W -n                                                      | ---ayy---
nation | check                                                                                    | -y-yyy--y
any    | init --sole-operator                                                                     | -----y---
"""

LINES = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]
