/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.digits;

/** A network being trained by one of the frameworks. */
interface Training {

    /** One step of gradient descent; what it returns belongs to the parameters before the step. */
    Step step(DigitsBatch batch);

    /** The parameters as they are now. */
    Parameters parameters();

    /** The share of the rows that the network gets right. */
    double accuracy(DigitsBatch batch);

    /** What a step computed: the mean loss of the batch, and its derivative with respect to every parameter. */
    record Step(double loss, Parameters gradient) {}
}
