"""Playing at a desk: keys pressed on a terminal of a size, and what it then shows."""

import asyncio

SIZES = ((80, 24), (120, 40))


def played(desk, screen, *keys, size=SIZES[0]):
    """The lines `screen` shows of a desk at first and after each group of keys; the desk is closed then."""

    async def play():
        app = screen(desk)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            screens = [lines(app)]
            for group in keys:
                await pilot.press(*group)
                await pilot.pause()
                screens.append(lines(app))
        desk.close()
        return screens

    return asyncio.run(play())


def lines(app):
    # The compositor's own lines: what a terminal would show.
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def shown(screen):
    return "\n".join(screen)
