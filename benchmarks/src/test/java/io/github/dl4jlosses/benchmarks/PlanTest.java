/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a whole run measures. */
class PlanTest {
    private static final Jdk NEXT = new Jdk(Path.of("elsewhere"), 99, "JDK 99");

    private static final BenchmarkOptions WHOLE = BenchmarkOptions.parse().with(List.of(Jdk.running(), NEXT));
    private static final Plan PLAN = new Plan(WHOLE);

    @Test
    void theFirstFormHasEveryLossDtypeAndNumberOfThreads() {
        List<Group> first = in(WHOLE.base());

        assertThat(first).extracting(Group::loss).contains(LossKind.values());
        assertThat(first)
                .contains(
                        Group.of(WHOLE.base(), LossKind.KL, Dtype.FLOAT64, 1),
                        Group.of(WHOLE.base(), LossKind.KL, Dtype.FLOAT32, 2))
                .doesNotContain(Group.of(WHOLE.base(), LossKind.KL, Dtype.FLOAT64, 2));
        Group whole = Group.of(WHOLE.base(), LossKind.CE_INDEX, Dtype.FLOAT32, 1);
        assertThat(PLAN.subjects(whole)).hasSize(WHOLE.shapes().size());
        assertThat(PLAN.contenders(whole)).containsExactlyInAnyOrderElementsOf(Contender.of(LossKind.CE_INDEX));
    }

    @Test
    void theOtherFormsHaveEveryLossOnce() {
        assertThat(WHOLE.forms()).hasSize(4);
        for (JvmForm form : WHOLE.forms().subList(1, 4)) {
            assertThat(in(form)).extracting(Group::loss).containsExactlyInAnyOrder(LossKind.values());
            assertThat(in(form))
                    .allSatisfy(group ->
                            assertThat(PLAN.contenders(group)).containsExactlyInAnyOrderElementsOf(Contender.OF_FORMS));
            assertThat(PLAN.subjects(Group.of(form, LossKind.KL, Dtype.FLOAT32, 1)))
                    .containsExactly("32x10", "128x1000", "4096x1000", "256x50257");
            assertThat(PLAN.subjects(Group.of(form, LossKind.MSE, Dtype.FLOAT32, 1)))
                    .containsExactly("128x1000");
        }
    }

    @Test
    void aWholeRunIsMeantToEndWithinTheHour() {
        double seconds = PLAN.groups().stream().mapToDouble(PLAN::seconds).sum();

        assertThat(seconds / 60).isBetween(30.0, 55.0);
    }

    private static List<Group> in(JvmForm form) {
        return PLAN.groups().stream().filter(group -> group.form().equals(form)).toList();
    }
}
