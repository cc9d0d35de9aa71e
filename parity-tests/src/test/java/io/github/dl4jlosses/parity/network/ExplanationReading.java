/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.swap.LossSwap;
import io.github.dl4jlosses.swap.Scale;
import io.github.dl4jlosses.swap.Swapped;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;

/** An explanation of a swap that is read clause by clause, and each computed. */
final class ExplanationReading {
    /** Of the score, and of the largest element of a step. */
    private static final double TOLERANCE = 1e-12;

    private final BuiltInProgram program;
    private final Scale scale;
    private final BuiltInLoss loss;
    private final String explanation;
    private String rest;
    private boolean saidDivided;
    private boolean saidWrong;

    ExplanationReading(BuiltInProgram program, Scale scale) {
        // with torch's class weights labels are one-hot, as a clause says
        this.program = scale == Scale.TORCH && program.loss() == BuiltInLoss.WEIGHTED_MCXENT_OF_SHARES
                ? program.with(BuiltInLoss.WEIGHTED_MCXENT)
                : program;
        this.scale = scale;
        this.loss = this.program.loss();
        Swapped<Model> swapped = LossSwap.swapAll(program.newNetwork(), scale);
        this.explanation = swapped.outputs().get(0).explanation();
        this.rest = explanation;
    }

    void assertTrue() {
        int left = rest.length() + 1;
        while (!rest.isEmpty() && rest.length() < left) {
            left = rest.length();
            readMove();
            if (scale == Scale.DL4J) {
                readDl4j();
                readChanges();
            } else {
                readTorch();
            }
            readBugs();
        }
        assertThat(rest).as("what no test computes of: %s", explanation).isEmpty();
        assertThat(saidDivided).as(explanation).isEqualTo(program.isScoreDivided());
        assertThat(saidWrong).as(explanation).isEqualTo(program.isScoreOfFitWrong());
    }

    private boolean says(String clause) {
        boolean says = rest.startsWith(clause);
        rest = says ? rest.substring(clause.length()) : rest;
        return says;
    }

    private void readMove() {
        if (rest.startsWith("activation ")) {
            assertThat(program.below()).isTrue();
            String end = " below, so that the loss gets logits; the output of the network stays the same. ";
            rest = rest.substring(rest.indexOf(end) + end.length());
            Model builtIn = program.newNetwork();
            new SwapComparison(builtIn, swapped(builtIn)).assertSameOutput(new BuiltInBatch(program).multiDataSet());
        }
    }

    // ---- Scale.DL4J ----

    private void readDl4j() {
        if (says("Score and step are those of " + loss.simpleName() + ": the losses that take part are added up")) {
            boolean outputs = says(" and divided by the number of outputs");
            assertThat(outputs).isEqualTo(loss.isMeanOfOutputs());
            boolean divided = says(outputs ? " and that of examples" : " and divided by the number of examples");
            assertThat(divided).isEqualTo(program.miniBatch());
            for (BuiltInProgram masked : masked()) {
                BuiltInBatch batch = new BuiltInBatch(masked);
                ProgramStep torch = torch(masked, batch, loss.sum());
                double examples = divided ? 1.0 / BuiltInProgram.EXAMPLES : 1;
                assertClose(ours(masked, batch), torch.times(examples, examples));
                assertClose(theirs(masked, batch), torch.times(examples, examples));
            }
        }
        says(".");
    }

    /** What both scales change. */
    private void readChanges() {
        if (says(" Nothing is clipped")) {
            assertOurs(new BuiltInBatch(program, 200));
        }
        if (says(", labels below 1e-5 included, and NaN is not hidden.")) {
            assertChanged(row(1, 0, 0));
            assertNanIsShown();
        }
        if (says(" The label -100 is left out, and any other that is no class is an error.")) {
            assertNoClass();
        }
        if (says(
                " A row of labels that does not add up to 1 gets the gradient of its own loss, which is 0 for a row of zeros.")) {
            assertChanged(row(1, 0, 1));
            assertChanged(row(0, 0, 0));
        }
        if (says(" eps is 0: a rate of 0 gives infinity or NaN, as before.")) {
            DataSet zeros = ratesOfZero();
            assertThat(TwoLayers.score(program.newNetwork(), zeros)).isNotFinite();
            assertThat(TwoLayers.score(swapped(program.newNetwork()), zeros)).isNotFinite();
        }
        if (says(" Torch's eps of 1e-8 is added to a rate before its logarithm.")) {
            assertThat(TwoLayers.score(swapped(program.newNetwork()), ratesOfZero()))
                    .isFinite();
        }
        if (says(" A mask of single outputs is an error.")) {
            assertThat(program.loss().isBinary()).isFalse();
            Throwable refusal = catchThrowable(() -> TwoLayers.fit(
                    swapped(program.newNetwork()), new BuiltInBatch(program.with(Masking.OUTPUTS)).dataSet()));
            // DL4J itself refuses such a mask in NWC, which it lays out as if it were NCW
            boolean isReadByLoss = program.layer() != LayerKind.RNN_OUTPUT_LAYER_NWC;
            assertThat(refusal)
                    .isInstanceOf(isReadByLoss ? IllegalArgumentException.class : IllegalStateException.class)
                    .hasMessageContaining(isReadByLoss ? "mask differs within row" : "Invalid mask array");
        }
        says(".");
    }

    /** The sigmoid of what is far below 0. */
    private DataSet ratesOfZero() {
        return new BuiltInBatch(program, 1e6).dataSet();
    }

    private void assertNanIsShown() {
        DataSet batch = new BuiltInBatch(program).dataSet();
        batch.getFeatures().putScalar(0, Double.NaN);
        Model builtIn = program.newNetwork();
        assertThat(TwoLayers.score(builtIn, batch)).isFinite();
        assertThat(TwoLayers.score(swapped(builtIn), batch)).isNaN();
    }

    /** What the scale makes of torch's loss of a batch. */
    private ProgramStep expected(BuiltInBatch batch) {
        double positions = program.layer().positionsPerExample();
        double examples = BuiltInProgram.EXAMPLES;
        if (scale == Scale.DL4J || loss.isKld()) {
            double divisor = program.miniBatch() ? examples : scale == Scale.DL4J ? 1 : examples * positions;
            return torch(program, batch, loss.sum()).times(1 / divisor, 1 / divisor);
        }
        double factor = program.miniBatch() ? positions : 1;
        if (loss.isBinary() || loss.weighted || loss.labels == BuiltInLoss.Labels.INDICES) {
            return torch(program, batch, loss.mean()).times(factor, factor);
        }
        // torch's mean of probabilities, which rows that are not one-hot can only be
        double share = factor / batch.keptRows();
        return torch(program, batch, loss.sum()).times(share, share);
    }

    /** At DL4J's own scale its loss differs. */
    private void assertChanged(BuiltInBatch batch) {
        assertOurs(batch);
        if (scale == Scale.DL4J) {
            ProgramStep theirs = theirs(program, batch);
            ProgramStep expected = expected(batch);
            assertThat(Math.abs(theirs.score() - expected.score()) > 1e-9 || expected.distance(theirs) > 1e-9)
                    .isTrue();
        }
    }

    private void assertOurs(BuiltInBatch batch) {
        assertClose(ours(program, batch), expected(batch));
    }

    private BuiltInBatch row(double... label) {
        return new BuiltInBatch(program).withRow(1, label);
    }

    private void assertNoClass() {
        BuiltInBatch batch = new BuiltInBatch(program);
        Model ours = swapped(program.newNetwork());
        ProgramStep step = ProgramStep.fit(ours, batch.dataSet(batch.labelsWith(1, -100)));
        assertClose(undivided(step), expected(new BuiltInBatch(program).without(1)));
        assertThatThrownBy(() -> TwoLayers.fit(ours, batch.dataSet(batch.labelsWith(1, 99))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("99");
    }

    // ---- Scale.TORCH ----

    private void readTorch() {
        double factor = 1;
        if (says("Score and step are torch's batchmean, as before.")) {
            for (BuiltInProgram masked : masked()) {
                BuiltInBatch batch = new BuiltInBatch(masked);
                double examples = 1.0 / BuiltInProgram.EXAMPLES;
                ProgramStep torch = torch(masked, batch, loss.sum()).times(examples, examples);
                assertClose(ours(masked, batch), torch);
                assertClose(theirs(masked, batch), torch);
            }
        }
        if (says("Score and step are torch's batchmean")) {
            if (says(positions(" over"))) {
                factor = 1.0 / program.layer().positionsPerExample();
            }
            assertTorchs(loss.sum(), factor, 1.0 / BuiltInProgram.EXAMPLES);
            says(".");
        }
        if (says("Score and step are torch's mean")) {
            if (says(positions(" times"))) {
                factor = program.layer().positionsPerExample();
            }
            assertTorchs(loss.mean(), factor, 1);
            says(".");
        }
        readDenominators();
        readChanges();
        if (says(" The mean of an empty batch is 0.")) {
            BuiltInProgram empty = program.with(Masking.EVERYTHING);
            ProgramStep step = ours(empty, new BuiltInBatch(empty));
            assertThat(step.score()).isZero();
            assertThat(step.largest()).isZero();
        }
    }

    /** What follows "torch's mean" where an example has positions. */
    private String positions(String how) {
        return how + " the positions of an example; positionsPerExample in the loss makes them torch's "
                + (loss.isKld() ? "batchmean" : "mean");
    }

    private void assertTorchs(String text, double factor, double unit) {
        for (BuiltInProgram masked : masked()) {
            BuiltInBatch batch = new BuiltInBatch(masked);
            ProgramStep torch = torch(masked, batch, text).times(unit, unit);
            assertClose(ours(masked, batch), torch.times(factor, factor));
            if (factor != 1) {
                assertClose(undivided(ProgramStep.fit(withPositions(), batch.dataSet())), torch);
            }
        }
    }

    private Model withPositions() {
        Swapped<Model> swapped = LossSwap.swapAll(program.newNetwork(), scale);
        TorchLoss told = swapped.outputs().get(0).after().orElseThrow().toBuilder()
                .positionsPerExample(program.layer().positionsPerExample())
                .build();
        return swapped.get() instanceof ComputationGraph graph
                ? LossSwap.swap(graph, swapped.outputs().get(0).name(), told)
                : LossSwap.swap((MultiLayerNetwork) swapped.get(), told);
    }

    private void readDenominators() {
        String denominator = " They are divided by the ";
        double positions = program.miniBatch() ? program.layer().positionsPerExample() : 1;
        if (says(denominator + "outputs that take part")) {
            assertDividedBy(BuiltInBatch::keptOutputs, positions);
        }
        if (says(denominator + "class weights of the labels that take part")) {
            assertDividedBy(batch -> batch.keptWeights(BuiltInLoss.WEIGHTS), positions);
        }
        if (says(denominator + "labels that take part")) {
            assertDividedBy(BuiltInBatch::keptRows, positions);
        }
        String divisor = loss.isMeanOfOutputs() ? "outputs and that of examples" : "examples";
        if (says(", where " + loss.simpleName() + " divides by the number of " + divisor
                + ", whatever a mask leaves out")) {
            for (BuiltInProgram masked : masked()) {
                BuiltInBatch batch = new BuiltInBatch(masked);
                double examples = 1.0 / BuiltInProgram.EXAMPLES;
                assertClose(
                        theirs(masked, batch), torch(masked, batch, loss.sum()).times(examples, examples));
            }
        }
        BuiltInBatch batch = new BuiltInBatch(program);
        if (says(": without a mask C outputs make both 1/C of what they were")) {
            double share = 1.0 / LayerKind.CLASSES;
            ProgramStep torch = loss.isPoisson() ? torch(program, batch, loss.meanWithoutEps()) : null;
            // what torch's eps changes is said apart
            assertClose(
                    torch == null ? ours(program, batch) : torch.times(positions, positions),
                    theirs(program, batch).times(share, share));
        }
        if (says(": without a mask both stay as they were")) {
            assertClose(ours(program, batch), theirs(program, batch));
        }
        if (says("; before, they were sums") || says(" Before, they were sums")) {
            assertThat(says(" over the number of outputs")).isEqualTo(loss.isMeanOfOutputs());
            for (BuiltInProgram masked : masked()) {
                BuiltInBatch other = new BuiltInBatch(masked);
                assertClose(theirs(masked, other), torch(masked, other, loss.sum()));
            }
        }
        says(".");
        if (says(" Labels that are not one-hot are an error.")) {
            BuiltInBatch shares = new BuiltInBatch(program).withRow(1, .5, .25, .25);
            Model ours = swapped(program.newNetwork());
            assertThatThrownBy(() -> TwoLayers.fit(ours, shares.dataSet()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("one-hot");
        }
    }

    private void assertDividedBy(ToDoubleFunction<BuiltInBatch> denominator, double positions) {
        for (BuiltInProgram masked : masked()) {
            BuiltInBatch batch = new BuiltInBatch(masked);
            double factor = positions / denominator.applyAsDouble(batch);
            assertClose(
                    ours(masked, batch), torch(masked, batch, loss.torchsSum()).times(factor, factor));
        }
    }

    // ---- both ----

    private void readBugs() {
        readDivision();
        if (says(" The scores of single examples of LossMAE were not divided by the outputs, a bug of DL4J.")) {
            assertThat(loss.scoresOfExamples()).isNotEqualTo(1);
            new SwapComparison(program.newNetwork(), swapped(program.newNetwork()))
                    .assertScoresOfExamples(new BuiltInBatch(program).multiDataSet(), loss.scoresOfExamples());
        }
        if (says(" The score that fit reported for " + loss.simpleName()
                + " in a LossLayer was wrong, a bug of DL4J.")) {
            saidWrong = true;
            DataSet batch = new BuiltInBatch(program).dataSet();
            Model builtIn = program.newNetwork();
            double score = TwoLayers.score(builtIn, batch);
            assertThat(Math.abs(ProgramStep.fit(builtIn, batch).score() - score))
                    .isGreaterThan(1e-9);
        }
    }

    private void readDivision() {
        if (says(" DL4J divides the score of this layer by the number of examples even so.")) {
            saidDivided = true;
            DataSet batch = new BuiltInBatch(program).dataSet();
            Model builtIn = program.newNetwork();
            double sum = torch(program, new BuiltInBatch(program), loss.sum()).score();
            assertThat(TwoLayers.score(builtIn, batch))
                    .isCloseTo(sum / BuiltInProgram.EXAMPLES, within(TOLERANCE * Math.max(1, sum)));
            Model ours = swapped(builtIn);
            double score = ProgramStep.fit(ours, batch).score();
            assertThat(score * BuiltInProgram.EXAMPLES)
                    .isCloseTo(ours(program, new BuiltInBatch(program)).score(), within(TOLERANCE * Math.max(1, sum)));
        }
    }

    /** The program with each mask that leaves something. */
    private List<BuiltInProgram> masked() {
        return Stream.of(Masking.values())
                .filter(masking -> masking != Masking.EVERYTHING)
                .map(program::with)
                .filter(BuiltInProgram::isPossible)
                .toList();
    }

    private Model swapped(Model builtIn) {
        return LossSwap.swapAll(builtIn, scale).get();
    }

    private ProgramStep ours(BuiltInProgram masked, BuiltInBatch batch) {
        return undivided(ProgramStep.fit(swapped(masked.newNetwork()), batch.dataSet()));
    }

    private ProgramStep theirs(BuiltInProgram masked, BuiltInBatch batch) {
        Model builtIn = masked.newNetwork();
        double score = TwoLayers.score(builtIn, batch.dataSet());
        return undivided(ProgramStep.fit(builtIn, batch.dataSet()).withScore(score));
    }

    private ProgramStep undivided(ProgramStep step) {
        return step.times(program.isScoreDivided() ? BuiltInProgram.EXAMPLES : 1, 1);
    }

    /** The loss that a text computes of the kept rows, and the gradients of the program's parameters, in its order. */
    private static ProgramStep torch(BuiltInProgram program, BuiltInBatch batch, String text) {
        Model start = program.newNetwork();
        TorchResult torch = TorchFunction.of(
                        program.layer().map.torch + "\nz = torch.flatten(torch.movedim(z, 1, -1), 0, -2)\n"
                                + program.loss().seen() + text,
                        "features",
                        "t",
                        "keep",
                        "weights",
                        "bias")
                .withRespectTo("weights", "bias")
                .call(StartingPoint.of(start, Step.PARAMETERS).after(batch.features(), batch.target(), batch.keep()));
        // DL4J keeps its parameters in one array, whose parts are views of it
        start.getParam(Step.WEIGHTS).assign(torch.gradient("weights").toArray());
        start.getParam(Step.BIAS).assign(torch.gradient("bias").toArray());
        return ProgramStep.of(torch.value().item(), start.params());
    }

    private static void assertClose(ProgramStep ours, ProgramStep expected) {
        assertThat(ours.score())
                .isCloseTo(expected.score(), within(TOLERANCE * Math.max(1, Math.abs(expected.score()))));
        assertThat(expected.distance(ours)).isLessThanOrEqualTo(TOLERANCE);
    }
}
