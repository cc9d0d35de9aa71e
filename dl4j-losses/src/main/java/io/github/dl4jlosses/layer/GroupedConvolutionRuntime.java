/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ConvolutionUtils;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.convolution.Convolution;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The computation of a {@link GroupedConvolution2D}. The patches of all images become columns, channel by channel, so
 * that those of a group lie side by side; each group then is one product of matrices.
 */
final class GroupedConvolutionRuntime extends BaseLayer<GroupedConvolution2D> {
    private static final long serialVersionUID = 1L;

    GroupedConvolutionRuntime(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    // ---- images and patches ----

    private INDArray channelsFirst(INDArray images) {
        INDArray typed = images.castTo(dataType);
        return layerConf().getCnn2dDataFormat() == CNN2DFormat.NHWC ? typed.permute(0, 3, 1, 2) : typed;
    }

    private INDArray inFormat(INDArray channelsFirst) {
        return layerConf().getCnn2dDataFormat() == CNN2DFormat.NHWC ? channelsFirst.permute(0, 2, 3, 1) : channelsFirst;
    }

    private boolean isSame() {
        return layerConf().getConvolutionMode() == ConvolutionMode.Same;
    }

    private int[] outputSize(INDArray images) {
        return ConvolutionUtils.getOutputSize(
                images,
                layerConf().getKernelSize(),
                layerConf().getStride(),
                isSame() ? null : layerConf().getPadding(),
                layerConf().getConvolutionMode(),
                layerConf().getDilation(),
                CNN2DFormat.NCHW);
    }

    private int[] padding(INDArray images, int[] outputSize) {
        if (!isSame()) {
            return layerConf().getPadding();
        }
        int[] inputSize = {(int) images.size(2), (int) images.size(3)};
        return ConvolutionUtils.getSameModeTopLeftPadding(
                outputSize,
                inputSize,
                layerConf().getKernelSize(),
                layerConf().getStride(),
                layerConf().getDilation());
    }

    /** (nIn, kH, kW, N, H', W') in memory. */
    private INDArray emptyPatches(INDArray images, int[] outputSize) {
        int[] kernel = layerConf().getKernelSize();
        return Nd4j.createUninitialized(
                dataType,
                new long[] {images.size(1), kernel[0], kernel[1], images.size(0), outputSize[0], outputSize[1]},
                'c');
    }

    /** As the framework's operations see them, (N, nIn, kH, kW, H', W'). */
    private static INDArray imagesFirst(INDArray patches) {
        return patches.permute(3, 0, 1, 2, 4, 5);
    }

    private INDArray patches(INDArray images, int[] outputSize) {
        INDArray patches = emptyPatches(images, outputSize);
        int[] kernel = layerConf().getKernelSize();
        int[] stride = layerConf().getStride();
        int[] dilation = layerConf().getDilation();
        int[] padding = padding(images, outputSize);
        Convolution.im2col(
                images.dup('c'),
                kernel[0],
                kernel[1],
                stride[0],
                stride[1],
                padding[0],
                padding[1],
                dilation[0],
                dilation[1],
                isSame(),
                imagesFirst(patches));
        return patches;
    }

    private INDArray images(INDArray patches, INDArray like, int[] outputSize) {
        INDArray images = Nd4j.createUninitialized(dataType, like.shape(), 'c');
        int[] stride = layerConf().getStride();
        int[] dilation = layerConf().getDilation();
        int[] padding = padding(like, outputSize);
        Convolution.col2im(
                imagesFirst(patches),
                images,
                stride[0],
                stride[1],
                padding[0],
                padding[1],
                (int) like.size(2),
                (int) like.size(3),
                dilation[0],
                dilation[1]);
        return images;
    }

    // ---- groups ----

    /** The rows of one group of a matrix whose rows are channels, or patches channel by channel. */
    private INDArray group(INDArray matrix, int number) {
        long rows = matrix.size(0) / layerConf().getGroups();
        return matrix.get(NDArrayIndex.interval(number * rows, (number + 1) * rows), NDArrayIndex.all());
    }

    private static INDArray matrix(INDArray array, long rows) {
        return array.reshape('c', rows, array.length() / rows);
    }

    private INDArray patchMatrix(INDArray patches) {
        return matrix(patches, patches.size(0) * patches.size(1) * patches.size(2));
    }

    /** (nOut, nIn / groups · kH · kW), a copy: ND4J loses parts of a view far into the network's parameters. */
    private INDArray weightMatrix(boolean training, LayerWorkspaceMgr workspaceMgr) {
        return matrix(
                getParamWithNoise(GroupedConvolution2D.WEIGHT, training, workspaceMgr)
                        .dup('c'),
                layerConf().getNOut());
    }

    /** The channels as rows, (nOut, N · H' · W'). */
    private INDArray channelRows(INDArray images) {
        return matrix(images.permute(1, 0, 2, 3).dup('c'), images.size(1));
    }

    private INDArray preOutput(INDArray images, INDArray patches, boolean training, LayerWorkspaceMgr workspaceMgr) {
        INDArray patchMatrix = patchMatrix(patches);
        INDArray weight = weightMatrix(training, workspaceMgr);
        INDArray z = Nd4j.createUninitialized(dataType, new long[] {weight.size(0), patchMatrix.size(1)}, 'c');
        for (int g = 0; g < layerConf().getGroups(); g++) {
            group(z, g).assign(group(weight, g).mmul(group(patchMatrix, g)));
        }
        if (hasBias()) {
            z.addiColumnVector(getParamWithNoise(GroupedConvolution2D.BIAS, training, workspaceMgr)
                    .reshape('c', z.size(0), 1));
        }
        return z.reshape('c', z.size(0), images.size(0), patches.size(4), patches.size(5))
                .permute(1, 0, 2, 3);
    }

    // ---- as the framework calls it ----

    private void requireImages(INDArray images) {
        if (images.rank() != 4 || images.size(1) != layerConf().getNIn()) {
            throw new IllegalArgumentException(
                    "the input must be images of " + layerConf().getNIn()
                            + " channels in the format " + layerConf().getCnn2dDataFormat() + ", got "
                            + Arrays.toString(input.shape()) + " " + layerId());
        }
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaceMgr);
        INDArray images = input.rank() == 4 ? channelsFirst(input) : input;
        requireImages(images);
        INDArray patches = patches(images, outputSize(images));
        INDArray z = preOutput(images, patches, training, workspaceMgr).dup('c');
        INDArray activations = layerConf().getActivationFn().getActivation(z, training);
        return workspaceMgr.dup(ArrayType.ACTIVATIONS, inFormat(activations));
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(true);
        INDArray images = channelsFirst(input);
        int[] outputSize = outputSize(images);
        INDArray patches = patches(images, outputSize);
        INDArray z = preOutput(images, patches, true, workspaceMgr).dup('c');
        INDArray upstream = channelsFirst(epsilon).dup('c');
        INDArray delta =
                channelRows(layerConf().getActivationFn().backprop(z, upstream).getFirst());
        Gradient gradient = gradientOfParameters(patchMatrix(patches), delta);
        INDArray ofPatches = gradientOfPatches(images, outputSize, delta, workspaceMgr);
        weightNoiseParams.clear();
        INDArray ofInput = workspaceMgr.dup(ArrayType.ACTIVATION_GRAD, inFormat(images(ofPatches, images, outputSize)));
        return new Pair<>(gradient, backpropDropOutIfPresent(ofInput));
    }

    private Gradient gradientOfParameters(INDArray patchMatrix, INDArray delta) {
        Gradient gradient = new DefaultGradient();
        INDArray ofWeight = gradientViews.get(GroupedConvolution2D.WEIGHT);
        long size = ofWeight.length() / delta.size(0);
        INDArray rows = Nd4j.createUninitialized(dataType, new long[] {delta.size(0), size}, 'c');
        for (int g = 0; g < layerConf().getGroups(); g++) {
            group(rows, g).assign(group(delta, g).mmul(group(patchMatrix, g).transpose()));
        }
        ofWeight.assign(rows.reshape('c', ofWeight.shape()));
        gradient.setGradientFor(GroupedConvolution2D.WEIGHT, ofWeight, LayerParameter.ORDER);
        if (hasBias()) {
            INDArray ofBias = gradientViews.get(GroupedConvolution2D.BIAS);
            ofBias.assign(delta.sum(1));
            gradient.setGradientFor(GroupedConvolution2D.BIAS, ofBias, LayerParameter.ORDER);
        }
        return gradient;
    }

    private INDArray gradientOfPatches(
            INDArray images, int[] outputSize, INDArray delta, LayerWorkspaceMgr workspaceMgr) {
        INDArray patches = emptyPatches(images, outputSize);
        INDArray rows = patchMatrix(patches);
        INDArray weight = weightMatrix(true, workspaceMgr);
        for (int g = 0; g < layerConf().getGroups(); g++) {
            group(rows, g).assign(group(weight, g).transpose().mmul(group(delta, g)));
        }
        return patches;
    }

    @Override
    public boolean hasBias() {
        return layerConf().hasBias();
    }

    @Override
    public void setParams(INDArray params) {
        if (params != paramsFlattened) {
            setParams(params, LayerParameter.ORDER);
        }
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public Type type() {
        return Type.CONVOLUTIONAL;
    }
}
