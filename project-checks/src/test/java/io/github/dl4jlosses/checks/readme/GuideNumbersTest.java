/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.checks.pages.Page;
import io.github.dl4jlosses.checks.pages.Program;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers behind the guide, beside those that it shows. */
class GuideNumbersTest {
    @TempDir
    private Path folder;

    @Test
    void aPlainRowOfIndicesIsAsGoodAsAColumn() {
        LabelForm column = LabelForm.all().get(0);
        LabelForm row = new LabelForm(
                "row",
                column.format(),
                column.labelled().reshape(2),
                column.unlabelled().reshape(2));
        assertThat(row.weighted()).isEqualTo(column.weighted());
        assertThat(row.unweighted()).isEqualTo(column.unweighted());
    }

    @Test
    void theBinaryExampleCompilesAndReportsTorchsLoss() throws Exception {
        String snippet = Page.of("docs/dl4j.md").first("```java\n(var binary = BCEWithLogitsLoss.*?)```");
        String program = """
                %s
                network.init();
                network.setParams(Nd4j.createFromArray(new float[][] {{1, -1, 0}}));
                var features = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}});
                var labels = Nd4j.createFromArray(new float[][] {{1}, {0}});
                System.out.printf(Locale.ROOT, "%%.4f", network.score(new DataSet(features, labels)));
                """.formatted(snippet);
        double torch = TorchFunction.of(
                        "torch.binary_cross_entropy_with_logits(x, t, None, torch.tensor([3.0]), 1)", "x", "t")
                .call(
                        TorchTensor.of(TorchType.FLOAT32, new double[] {1, -1}, 2, 1),
                        TorchTensor.of(TorchType.FLOAT32, new double[] {1, 0}, 2, 1))
                .value()
                .item();
        assertThat(Program.ofStatements(program).run(folder)).isEqualTo(ReadmeTest.digits(torch, 4));
    }
}
