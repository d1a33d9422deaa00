from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QToolButton

from studio.widgets.colour_button import ColourButton
from studio.widgets.group import Group
from studio.widgets.job_bar import JobBar
from studio.widgets.notice import NoticeBar
from studio.widgets.segmented import Segmented
from studio.widgets.transport import Transport

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def shown(qtbot):
    def show(widget):
        qtbot.addWidget(widget)
        widget.show()
        qtbot.waitExposed(widget)
        return widget

    return show


def _button(widget, name):
    return next(button for button in widget.findChildren(QToolButton) if button.accessibleName() == name)


def test_a_group_folds_by_mouse_and_key(shown):
    group, inside = Group("Mouth"), QLabel("Smile")
    group.add(inside)
    shown(group)
    heading = next(child for child in group.children() if getattr(child, "text", str)() == "Mouth")
    QTest.mouseClick(heading, LEFT)
    assert not inside.isVisible()
    QTest.keyClick(heading, Qt.Key.Key_Space)
    assert inside.isVisible()
    assert group.unfolded


def test_a_groups_actions_run(shown):
    runs = []
    group = Group("Mouth")
    button = group.add_action("reset", lambda: runs.append("reset"), "Reset mouth")
    shown(group)
    QTest.mouseClick(button, LEFT)
    assert runs == ["reset"]
    assert button.accessibleName() == "Reset mouth"


def test_chips_exclude_each_other(shown):
    chips = shown(Segmented(["Skin", "Clay", "Wire"]))
    heard = []
    chips.chosen.connect(heard.append)
    chips.set_current(0)
    assert heard == []
    first, second, _ = (chips.layout().itemAt(index).widget() for index in range(3))
    QTest.mouseClick(second, LEFT)
    assert (heard, chips.current, first.isChecked()) == ([1], 1, False)
    QTest.keyClick(chips, Qt.Key.Key_Right)
    assert chips.current == 2
    chips.set_current(-1)
    assert chips.current == -1


def test_a_notice_stays_until_it_is_closed(shown):
    bar = shown(NoticeBar())
    bar.hide()
    bar.show_warning("The file is empty.")
    assert bar.isVisible()
    assert bar.text == "The file is empty."
    QTest.mouseClick(_button(bar, "Close this notice"), LEFT)
    assert not bar.isVisible()


def test_no_notice_takes_the_place_of_another(shown):
    bar = shown(NoticeBar())
    bar.show_warning("The file is empty.")
    bar.show_info("Saved head.png.")
    bar.show_warning("The other file is empty.")
    bar.show_info("Saved head.png.")
    assert bar.text.splitlines() == ["The file is empty.", "The other file is empty.", "Saved head.png."]
    assert bar.seen == bar.text.splitlines()
    QTest.mouseClick(_button(bar, "Close this notice"), LEFT)
    assert bar.text.splitlines() == ["The other file is empty.", "Saved head.png."]


@pytest.mark.parametrize("text", ["/".join(["a/very/long/path"] * 40), "x" * 5000, "many words " * 2000])
def test_a_long_notice_is_no_wider_than_the_window(shown, text):
    bar = NoticeBar()
    bar.resize(500, 60)
    shown(bar)
    bar.show_warning(text)
    bar.layout().activate()
    assert bar.minimumSizeHint().width() < 400
    assert bar.heightForWidth(500) < 400
    assert bar.text == text


def test_three_notices_are_seen_and_the_others_counted(shown):
    bar = shown(NoticeBar())
    for number in range(5):
        bar.show_warning(f"File {number} is empty.")
    assert bar.seen == [f"File {number} is empty." for number in (2, 3, 4)]
    assert [label.text() for label in bar.findChildren(QLabel) if label.text().startswith("and ")] == [
        "and 2 more"
    ]
    QTest.mouseClick(_button(bar, "Close this notice"), LEFT)
    assert bar.seen == [f"File {number} is empty." for number in (1, 3, 4)]
    close_all = next(button for button in bar.findChildren(QPushButton) if button.text() == "Close all")
    QTest.mouseClick(close_all, LEFT)
    assert not bar.isVisible()
    assert bar.text == ""


def test_the_job_bar_tells_and_cancels(shown):
    bar = shown(JobBar())
    heard = []
    bar.cancel_asked.connect(lambda: heard.append("cancel"))
    bar.start("Turntable")
    bar.show_progress("Drawing frames", 3, 10)
    assert "Drawing frames" in bar.text
    QTest.mouseClick(_button(bar, "Cancel the running job"), LEFT)
    assert heard == ["cancel"]
    bar.show_progress("Drawing frames", 4, 10)
    assert "Stopping" in bar.text
    bar.finish()
    assert not bar.isVisible()


def test_the_transport_asks_and_shows(shown):
    transport = shown(Transport())
    heard = []
    transport.play_toggled.connect(lambda: heard.append("play"))
    transport.stepped.connect(heard.append)
    transport.speed_changed.connect(heard.append)
    QTest.mouseClick(_button(transport, "Play"), LEFT)
    QTest.mouseClick(_button(transport, "Previous frame"), LEFT)
    assert heard == ["play", -1]
    transport.set_playing(True)
    assert _button(transport, "Pause").isVisible()
    transport.set_time(36.0, 120.0, 30.0, "seconds")
    assert transport.readout == "00:01.20 / 00:04.00   30 fps"
    transport.set_speed(0.75)
    assert transport.findChild(QComboBox).currentText() == "0.75\N{MULTIPLICATION SIGN}"


def test_a_colour_is_shown_at_once_and_taken_back_on_cancel(shown):
    button = shown(ColourButton("Background"))
    button.set_colour((0.2, 0.4, 0.6))
    heard = []
    button.colour_changed.connect(lambda colour, gesture: heard.append((colour, gesture)))
    dialog = button.choose()
    dialog.setCurrentColor("#ff0000")
    assert heard[-1][0] == (1.0, 0.0, 0.0)
    dialog.reject()
    assert heard[-1][0] == (0.2, 0.4, 0.6)
    assert len({gesture for _, gesture in heard}) == 1


def test_the_transport_leaves_out_what_does_not_fit_and_squeezes_nothing(shown):
    transport = shown(Transport())
    transport.set_time(10.0, 179.0, 30.0, "seconds")
    transport.resize(2000, 40)
    full, least = transport.sizeHint().width(), transport.minimumSizeHint().width()
    counts = []
    for width in (full, (3 * full + least) // 4, (full + least) // 2, least):
        transport.resize(width, 40)
        transport.layout().activate()
        seen = [button for button in transport.findChildren(QToolButton) if button.isVisible()]
        names = {button.accessibleName() for button in seen}
        assert {"Previous frame", "Play", "Next frame", "Loop"} <= names
        assert ("Next key" in names) == (width == full)
        assert all(button.width() >= button.sizeHint().width() for button in seen)
        assert all(button.x() >= 0 and button.geometry().right() <= width for button in seen)
        counts.append(len(names))
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] == 4
    transport.resize(full, 40)
    assert _button(transport, "Next key").isVisible()
