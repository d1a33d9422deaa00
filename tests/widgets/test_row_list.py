from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.widgets.row_list import RowList
from studio.widgets.scroll_panel import ScrollPanel
from studio.widgets.slider_scale import SliderScale

COUNT = 400


@pytest.fixture
def panel(qtbot):
    values = [0.0] * COUNT
    rows = RowList([SliderScale(f"Shape {n + 1}", -3.0, 3.0) for n in range(COUNT)], values.__getitem__)
    made = ScrollPanel()
    made.add(rows, (rows,))
    made.resize(330, 500)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.rows, made.values = rows, values
    return made


def test_only_rows_in_view_are_built(panel):
    assert 10 <= len(panel.rows.rows) <= 30


def test_scrolling_to_the_end_builds_the_last_rows_and_not_those_between(panel):
    bar = panel.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert COUNT - 1 in panel.rows.rows
    assert COUNT // 2 not in panel.rows.rows


def test_rows_show_their_values_when_they_come_into_view(panel):
    panel.values[COUNT - 1] = 1.25
    bar = panel.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert panel.rows.rows[COUNT - 1].value == 1.25


def test_refresh_shows_new_values(panel):
    panel.values[2] = -2.0
    panel.refresh()
    assert panel.rows.rows[2].value == -2.0


def test_listing_a_few_brings_them_to_the_top(panel):
    panel.rows.list_only(lambda scale: scale.label == "Shape 350")
    QApplication.processEvents()
    panel.show_view()
    assert panel.rows.listed == (349,)
    assert panel.rows.rows[349].isVisible()
    assert panel.rows.rows[349].y() == 0
    assert not panel.rows.rows[0].isVisible()


def test_tab_walks_down_in_order_and_scrolls_along(panel):
    panel.rows.focus_row(0)
    for _ in range(25):
        QTest.keyClick(panel.focusWidget(), Qt.Key.Key_Tab)
    assert panel.focusWidget() is panel.rows.rows[25]
    assert panel.verticalScrollBar().value() > 0
    assert not panel.rows.rows[25].visibleRegion().isEmpty()
