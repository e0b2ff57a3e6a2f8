"""The scene of the command pages: an operation under way with its den, arrests and seizures; a bulletin that is issued and one
that is a draft; a return."""

from operation import approve, bulletin, give_back, plan, rectify, strike, teams


def add(c, ids):
    operation, site, other, case, target = plan(c)
    approve(c, operation, target)
    teams(c, operation, site, other)
    strike(c, operation, site, other, target)
    rectify(c, operation, "a.duty", "a.investigator", "450103", "青秀区某路2号")
    give_back(c, case)
    issued, draft = bulletin(c, operation=operation, site=site), bulletin(c)
    c.act("commander", "bulletins", issued, "approve")
    c.act("commander", "bulletins", issued, "issue")
    ids.update(operation=operation, target=target, bulletin=issued, draft_bulletin=draft, returned=1)
